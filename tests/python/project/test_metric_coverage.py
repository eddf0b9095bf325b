"""Every card number has a metric (CONTRIBUTING.md, add a card)."""

from __future__ import annotations

import csv

from project_files import ROOT, manifest


def expected_numbers() -> set[tuple[str, str]]:
    """(card id, column) of the card registry: value, split, amount."""
    expected = set()
    with (ROOT / "seeds/cards/card_registry.csv").open(newline="", encoding="utf-8") as file:
        for card in csv.DictReader(file):
            columns = ["value"]
            columns += ["b2b_value", "dtc_value"] if card["has_segments"] == "true" else []
            columns += ["reporting_value"] if card["has_reporting_value"] == "true" else []
            expected |= {(card["card_id"], column) for column in columns}
    return expected


def test_every_number_of_a_card_has_one_metric() -> None:
    metas = [node["config"]["meta"] for node in manifest()["metrics"].values()]
    found = [(meta["card_id"], meta["card_column"]) for meta in metas if "card_id" in meta]
    assert len(found) == len(set(found)), "two metrics for the same number"
    missing = expected_numbers() - set(found)
    assert not missing, f"add these to models/marts/_metrics.yml: {sorted(missing)}"


def test_a_metric_counts_the_card_that_it_names() -> None:
    """The filter and the meta of a metric have the same card; no metric sums finished numbers."""
    wrong = []
    for node in manifest()["metrics"].values():
        filters = (
            [where["where_sql_template"] for where in node["filter"]["where_filters"]]
            if (node["filter"])
            else []
        )
        card_id = node["config"]["meta"].get("card_id")
        if card_id and filters != [f"{{{{ Dimension('card__card_id') }}}} = '{card_id}'"]:
            wrong.append(node["name"])
    assert not wrong, f"filter and meta differ: {wrong}"


def test_no_metric_of_today_reads_the_finished_number() -> None:
    models = {node["name"]: node["model"] for node in manifest()["semantic_models"].values()}
    reading = [name for name, model in models.items() if "card_values" in model]
    reading += [name for name, model in models.items() if "card_measurements" in model]
    assert not reading, f"count the rows instead: {reading}"
