"""Data flows one way (docs/architecture.md): staging, conform, ... core, then cards and onboarding."""

from __future__ import annotations

from typing import Any

import pytest
from project_files import layer, manifest, models

STEPS = ["staging", "conform", "keys", "identify", "map", "match", "core"]
ENDS = ["cards", "onboarding"]
# Seeds are business choices and enter once; identify reads keys, ignored keys and ISO codes.
SEED_STEPS = {"conform", "keys", "identify", "map", "match", "core", "onboarding"}
SEED_EXCEPTIONS = {
    "stg_cards__windows": "narrowing starts in staging and must follow the card registry",
}
MEMORY_READERS = {
    "int_customers": "the salt of its ids",
    "card_history": "its own rows, as they were published",
    "fct_master_guard": "the loads whose rejects were accepted",
    "fct_master_loads": "its own rows, as they were published",
    "onboarding_history": "its own rows, as they were published",
    "onboarding_opening_links": "the openings of earlier dates",
    "onboarding_changes": "the date before",
}
MAX_REFS = 5
REF_EXCEPTIONS = {
    "rejected_records": "a union: one ref per source entity with casts",
    "int_order_facets": "a union: one ref per platform",
    "int_entity_candidates": "a union: one ref or two per level of the field map",
    "int_orders": "one order: one ref per platform and per thing that it gets",
    "int_reporting_rates": "one ref per platform and per source of rates",
    "int_destination_matches": "where a customer is found: by whose key, in whose record",
    "int_resources_loaded": "one ref per resource whose rows a window places in time, and its flows",
    "int_erp_parties": "a union: one ref per system with parties",
    "int_quotes_unioned": "a union: one ref per platform, and the addresses of all",
    "int_key_fields": "a union: every possible key field, on both sides",
    "int_default_customers_applied": "one scope (country, channel, store) per ref",
    "card_metric_rows": "a union: one ref per card",
    "fct_customer_presence": "a fact: one ref per thing that a customer is",
    "fct_orders": "a fact: one ref per flag of an order",
    "int_order_destinations": "orders, their levels, and the customers and keys of overrides",
    "int_party_matches": "keys of both sides, the rows of the map, and where orders are expected",
    "int_subject_keys": "keys, the rows of the map, and where orders are expected",
    "int_order_documents": "orders, documents, the rule of the store, and whose accounts are whose",
    "int_quote_customers": "who it leaves out: by order, customer, e-mail and id",
    "onboarding_absences": "the worklist's fact: one ref per place where a customer may be",
    "onboarding_customer_records": "one record of order, keys, template and party",
    "onboarding_near_match_records": "a union: one ref per kind of value, on two sides",
    "onboarding_keys_tried": "sets what was looked for beside what was found, for every entity",
}


def readable(step: str) -> set[str]:
    """The steps that a model of this step may read: cards read facts and dims only."""
    if step == "cards":
        return {"core", step}
    if step == "conform":  # a guest order is identified by its key
        return {"staging", "conform", "keys"}
    if step == "onboarding":
        return {*STEPS, step}
    return set(STEPS[: STEPS.index(step) + 1])


def dependencies(node: dict[str, Any], kind: str) -> list[str]:
    """Unique ids of one kind (model, seed, source) that the node reads."""
    return [name for name in node["depends_on"]["nodes"] if name.startswith(f"{kind}.")]


def test_every_model_belongs_to_a_step() -> None:
    strays = [node["name"] for node in models() if layer(node) not in STEPS + ENDS]
    assert not strays, f"models outside the steps of the flow: {strays}"


def test_a_model_reads_only_its_own_step_or_an_earlier_one() -> None:
    nodes = manifest()["nodes"]
    back_edges = [
        f"{node['name']} ({layer(node)}) reads {nodes[name]['name']} ({layer(nodes[name])})"
        for node in models()
        for name in dependencies(node, "model")
        if layer(nodes[name]) not in readable(layer(node))
    ]
    assert not back_edges, "\n".join(back_edges)


def test_only_staging_reads_sources() -> None:
    readers = [
        f"{node['name']} reads {name}"
        for node in models()
        if layer(node) != "staging"
        for name in dependencies(node, "source")
        if node["name"] not in MEMORY_READERS or ".memory." not in name
    ]
    assert not readers, "\n".join(readers)


def test_seeds_enter_where_the_house_says() -> None:
    readers = [
        f"{node['name']} ({layer(node)}) reads {name}"
        for node in models()
        if layer(node) not in SEED_STEPS and node["name"] not in SEED_EXCEPTIONS
        for name in dependencies(node, "seed")
    ]
    assert not readers, "\n".join(readers)


def test_a_model_reads_at_most_five_others_or_says_why() -> None:
    wide = {
        node["name"]: len(set(node["depends_on"]["nodes"]))
        for node in models()
        if len(set(node["depends_on"]["nodes"])) > MAX_REFS
    }
    unexplained = {name: count for name, count in wide.items() if name not in REF_EXCEPTIONS}
    assert not unexplained, f"split these models, or give a reason here: {unexplained}"


@pytest.mark.parametrize("exceptions", [SEED_EXCEPTIONS, REF_EXCEPTIONS, MEMORY_READERS])
def test_no_exception_outlives_its_model(exceptions: dict[str, str]) -> None:
    names = {node["name"] for node in models()}
    assert not set(exceptions) - names, "an exception names a model that does not exist"


def test_what_staging_cannot_read_is_a_rejected_record() -> None:
    (listed,) = (node for node in models() if node["name"] == "rejected_records")
    macro = "macro.customer_coverage.rejected"
    entities = {node["unique_id"] for node in models() if macro in node["depends_on"]["macros"]}
    assert entities and entities <= set(listed["depends_on"]["nodes"])


def test_every_unit_test_says_what_rule_it_holds() -> None:
    silent = [test["name"] for test in manifest()["unit_tests"].values() if not test["description"]]
    assert not silent, f"unit tests without a description: {silent}"


def test_marts_are_public_and_the_rest_stays_in_the_project() -> None:
    def expected(node: dict[str, Any]) -> str:
        if "/private/" in node["original_file_path"]:
            return "private"
        return "public" if layer(node) in ["core", *ENDS] else "protected"

    wrong = [
        f"{node['name']} is {node['config']['access']}"
        for node in models()
        if node["config"]["access"] != expected(node)
    ]
    assert not wrong, "\n".join(wrong)
