"""How large the project may be: a test over the manifest, also part of ``make lint``.

The limits keep one narrow road from a raw record to a card. One model or level too many makes it
red: put the column into a model that exists, or say in docs/decisions/ why the limit moves.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from project_files import ROOT, layer, manifest, models

MAX_MODELS = 140  # docs/decisions/0036, 0038
MAX_CHAIN = 24
MAX_HEADLINE = 18
MAX_PUBLISHED = 45
MAX_ORDER_COLUMNS = 15
HEADLINE = "card_ecom_customers_absent_from_d365_customer_master"
# staging keeps what a shop delivers; the lists of cards and onboarding are of few orders
WIDE_ORDERS = {"int_orders", "fct_orders"}
ORDER_LAYERS = {"conform", "keys", "identify", "map", "match", "core"}
NAMED = re.compile(r"\b(?:cards|worklist)\.(\w+)")


@cache
def chain(unique_id: str) -> tuple[str, ...]:
    """The longest chain of models that ends with this one."""
    node = manifest()["nodes"][unique_id]
    before = [chain(name) for name in node["depends_on"]["nodes"] if name.startswith("model.")]
    return (*max(before, key=len, default=()), node["name"])


def published() -> list[dict[str, Any]]:
    """The tables that leave the warehouse (pipelines/publish)."""
    return [node for node in models() if node["config"]["access"] == "public"]


def names_with_readers() -> set[str]:
    """Models of an exposure, a metric, a time spine, a page query or an export."""
    found = manifest()
    readers = [*found["exposures"].values(), *found["semantic_models"].values()]
    names = {name.split(".")[-1] for node in readers for name in node["depends_on"]["nodes"]}
    names |= {node["name"] for node in models() if node.get("time_spine")}
    for path in (ROOT / "pipelines").rglob("*"):
        if path.suffix in (".py", ".html", ".js", ".sql", ".toml"):
            names.update(NAMED.findall(path.read_text("utf-8")))
    return names


def key_of(node: dict[str, Any]) -> list[str]:
    """The columns of its key test."""
    for test in manifest()["nodes"].values():
        if (
            test.get("attached_node") == node["unique_id"]
            and test["test_metadata"]["name"] == "unique_combination"
        ):
            return test["test_metadata"]["kwargs"]["columns"]
    return []


def columns_of(node: dict[str, Any]) -> int:
    """How many columns the final select of a model lists."""
    select = re.sub(r"--[^\n]*", "", node["raw_code"].rpartition("\nselect")[2])
    depth, count = 0, 1
    for part in re.findall(r"[(){},]|\bfrom\b", select):
        if part == "from" and depth == 0:
            break
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(part, 0)
        count += part == "," and depth == 0
    return count


def test_the_project_has_few_models() -> None:
    assert len(models()) <= MAX_MODELS, f"{len(models())} models"


def test_no_chain_of_models_is_long() -> None:
    longest = max((chain(node["unique_id"]) for node in models()), key=len)
    assert len(longest) <= MAX_CHAIN, " > ".join(longest)
    (headline,) = (node for node in models() if node["name"] == HEADLINE)
    road = chain(headline["unique_id"])
    assert len(road) <= MAX_HEADLINE, " > ".join(road)


def test_what_is_published_has_a_reader() -> None:
    names = {node["name"] for node in published()}
    assert len(names) <= MAX_PUBLISHED, f"{len(names)} published tables"
    unread = sorted(names - names_with_readers())
    assert not unread, f"make these private, or name who reads them in _exposures.yml: {unread}"


def test_an_order_is_written_once() -> None:
    orders = [
        node
        for node in models()
        if layer(node) in ORDER_LAYERS
        and node["config"]["materialized"] != "view"
        and key_of(node) == ["order_key"]
    ]
    assert {node["name"] for node in orders} >= WIDE_ORDERS
    wide = {node["name"] for node in orders if columns_of(node) > MAX_ORDER_COLUMNS}
    assert wide == WIDE_ORDERS, "add what is new of an order by its key, not beside a copy of it"


def test_there_is_less_yaml_than_sql() -> None:
    """Without unit tests."""

    def lines(pattern: str) -> int:
        paths = (ROOT / "models").rglob(pattern)
        kept = [path for path in paths if not path.name.endswith("__unit_tests.yml")]
        return sum(len(path.read_text("utf-8").splitlines()) for path in kept)

    yaml, sql = lines("*.yml"), lines("*.sql")
    assert 0 < yaml <= sql, f"{yaml} lines of YAML, {sql} of SQL"
