"""Compares the oracle with the golden tables of the samples."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from oracle import Oracle
from oracle_cards import card_rows, worklist_rows
from world_build import REPOSITORY, SEEDS

EXPECTED = Path(__file__).resolve().parents[1] / "golden" / "expected"
FIELD_MAPS = {
    "worked_example": SEEDS / "field_map",
    "business_central": REPOSITORY / "samples" / "business_central" / "field_map",
}


@pytest.fixture(scope="module", params=FIELD_MAPS)
def sample(request: pytest.FixtureRequest) -> tuple[str, Oracle]:
    """The oracle over one sample."""
    name = request.param
    extracts = REPOSITORY / "samples" / name
    return name, Oracle(extracts, FIELD_MAPS[name], SEEDS, {"as_of": "2026-04-12"})


def golden(name: str, table: str) -> list[dict[str, str]]:
    """The rows of a golden table."""
    with (EXPECTED / name / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text(value: Any) -> str:
    """One spelling for golden cells and oracle values."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    try:
        return format(Decimal(str(value)).normalize(), "f")
    except ArithmeticError:
        return str(value)


def test_cards(sample: tuple[str, Oracle]) -> None:
    """Count, split, value and state of each of the seven cards."""
    name, oracle = sample
    rows = {row["card_id"]: row for row in card_rows(oracle)}
    columns = (
        "value",
        "b2b_value",
        "dtc_value",
        "reporting_value",
        "largest_customer_value",
        "state",
    )
    for wanted in golden(name, "card_values"):
        fixed = [column for column in columns if wanted[column] != "~"]
        row = rows[wanted["card_id"]]
        assert {column: text(row.get(column)) for column in fixed} == {
            column: text(wanted[column]) for column in fixed
        }


def test_worklist(sample: tuple[str, Oracle]) -> None:
    """Entity, mapping, orders and values of every absent customer."""
    name, oracle = sample
    columns = (
        "customer_name", "segment_code", "mapping_status", "expected_legal_entity_id", "order_count",
        "blocked_order_count", "blocked_value_reporting", "posted_value_reporting",
        "is_rate_missing", "is_awaiting_sync", "is_in_dataverse",
    )  # fmt: skip
    found = sorted(tuple(text(row[column]) for column in columns) for row in worklist_rows(oracle))
    wanted = sorted(
        tuple(text(row[column]) for column in columns) for row in golden(name, "worklist")
    )
    assert found == wanted


def test_presence(sample: tuple[str, Oracle]) -> None:
    """The presence of the customer of every active order of the window."""
    name, oracle = sample
    presence = {
        row["customer"]: row["presence"]
        for row in oracle.active_rows
        if (row["window_days"], row["key_scope"]) == (7, "headline")
    }
    found = {
        order.key: presence[order.facts["customer"].label]
        if order.facts["customer"]
        else order.facts["kind"]
        for order in oracle.active_orders(7)
    }
    wanted = {
        f"{row['platform']}:{row['instance']}:{row['platform_order_id']}": row["presence"]
        for row in golden(name, "presence")
    }
    assert found == wanted
