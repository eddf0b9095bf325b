"""Compares the marts of a built world with the oracle, row by row.

Customers are identified by their smallest order key on both sides, so a split or merged customer
shows as such, whatever its id.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from oracle import Oracle
from oracle_cards import (
    ACTIVE_CARD,
    DATAVERSE_CARD,
    FLOWS_CARD,
    HEADLINE,
    INVOICES_CARD,
    ORDERS_CARD,
    TWIN,
    card_rows,
    dataverse_card_rows,
    flow_card_rows,
    has_number,
    headline_and_twin_rows,
    import_rows,
    invoice_card_rows,
    key_sensitivity_rows,
    order_card_rows,
    order_rows,
    rejected_order_rows,
    unidentifiable_rows,
    worklist_rows,
)

Row = dict[str, Any]
# near matches are hints, covered by other tests
LATER_REASONS = {
    "possible_key_mismatch": ("awaiting_sync", "flow_failed", "validation_failed", "not_created"),
}


def customer_rows(scope: str) -> Callable[[Oracle], list[Row]]:
    """The absent customers of the headline or the twin; none without a number."""
    card = HEADLINE if scope == "headline" else TWIN
    names = (
        "customer", "segment_code", "blocked_value_reporting", "unrated_values", "is_rate_missing",
        "absent_legal_entity_ids",
    )  # fmt: skip
    return lambda oracle: [
        {name: row[name] for name in names}
        for row in oracle.active_rows
        if (row["window_days"], row["key_scope"], row["presence"]) == (7, scope, "absent")
        and has_number(oracle, card)
    ]


def active_customer_rows(oracle: Oracle) -> list[Row]:
    """The customers of 30 days that are in D365."""
    return [
        {name: row[name] for name in ("customer", "segment_code", "order_count", "presence")}
        for row in oracle.active_rows
        if (row["window_days"], row["key_scope"]) == (30, "headline")
        and row["presence"] in ("present", "present_blocked")
        and has_number(oracle, ACTIVE_CARD)
    ]


def shared_key_rows(oracle: Oracle) -> list[Row]:
    """The key values that too many subjects share."""
    return [
        {"key_type": kind, "key_value": value, "subject_count": count}
        for (kind, value), count in oracle.shared.items()
    ]


def presence_rows(oracle: Oracle) -> list[Row]:
    """One row per destination, with what is the same in all of the customer's."""
    customers = {
        (row["window_days"], row["key_scope"], row["customer"]): row for row in oracle.active_rows
    }
    rows = []
    for row in oracle.presence_rows:
        customer = customers[row["window_days"], row["key_scope"], row["customer"]]
        rows.append(
            row
            | {name: customer[name] for name in ("segment_code", "platforms", "is_in_dataverse")}
            | {
                "customer_presence": customer["presence"],
                "customer_order_count": customer["order_count"],
                "customer_blocked_value_reporting": customer["blocked_value_reporting"],
                "is_customer_rate_missing": customer["is_rate_missing"],
            }
        )
    return rows


REJECTED = "core.rejected_records"
TIE_OUT = "cards.card_order_tie_out"
WORKLIST = "onboarding.onboarding_worklist"
IMPORT = "onboarding.onboarding_import_records"
# relation → (its key columns, the oracle's rows)
COMPARED: dict[str, tuple[tuple[str, ...], Callable[[Oracle], list[Row]]]] = {
    "core.fct_orders": (("order_key",), order_rows),
    "core.shared_keys": (("key_type", "key_value"), shared_key_rows),
    "core.fct_customer_presence": (
        ("window_days", "key_scope", "customer", "destination_key"),
        presence_rows,
    ),
    WORKLIST: (("customer", "destination_key"), worklist_rows),
    IMPORT: (("customer", "destination_key"), import_rows),
    "onboarding.onboarding_unidentifiable_orders": (
        ("order_key",),
        unidentifiable_rows,
    ),
    f"cards.card_{HEADLINE}": (("customer",), customer_rows("headline")),
    f"cards.card_{TWIN}": (("customer",), customer_rows("twin")),
    f"cards.card_{ACTIVE_CARD}": (("customer",), active_customer_rows),
    f"cards.card_{ORDERS_CARD}": (("order_key",), order_card_rows),
    f"cards.card_{INVOICES_CARD}": (("order_key",), invoice_card_rows),
    f"cards.card_{DATAVERSE_CARD}": (("dataverse_key",), dataverse_card_rows),
    f"cards.card_{FLOWS_CARD}": (("flow_run_key",), flow_card_rows),
    "onboarding.onboarding_headline_vs_twin": (("customer",), headline_and_twin_rows),
    "onboarding.onboarding_key_sensitivity": (("key_types",), key_sensitivity_rows),
    REJECTED: (("source_name", "instance", "record_key", "column_name"), rejected_order_rows),
    # every difference between the order card and the headline has a cause
    TIE_OUT: (("order_key",), lambda oracle: []),
    "cards.card_values": (("card_id",), card_rows),
}


def compare(warehouse: Path, oracle: Oracle) -> list[str]:
    """One message per difference between the marts and the oracle."""
    problems = []
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        labels: dict[str, str] = dict(
            connection.execute(
                "select customer_id, min(order_key) from core.fct_orders"
                " where customer_id is not null group by customer_id"
            ).fetchall()
        )
        for relation, (keys, wanted) in COMPARED.items():
            found = read_rows(connection, relation, labels)
            expected = wanted(oracle)
            problems += differences(relation, expected, found, keys)
            if relation == WORKLIST:
                problems += rank_differences(expected, found, keys)
    return problems


def read_rows(
    connection: duckdb.DuckDBPyConnection, relation: str, labels: dict[str, str]
) -> list[Row]:
    """The rows of a mart as dicts; `customer` is the label of its customer."""
    cursor = connection.execute(f"select * from {relation}")
    names = [column[0] for column in cursor.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        if "customer_id" in row:
            row["customer"] = labels.get(row["customer_id"])
        if "worklist_key" in row:
            row["destination_key"] = row["worklist_key"].split("|", 1)[1]
    if relation == REJECTED:
        listed = [row for row in rows if row["resource_name"] == "orders" and row["record_key"]]
        # a whole record is rejected once per version
        return list({tuple(map(row.get, COMPARED[REJECTED][0])): row for row in listed}.values())
    if relation == IMPORT:
        for row in rows:  # the id of a customer is not known to the oracle
            if str(row["external_id"]) == f"guest:{row['customer_id']}":
                row["external_id"] = "guest"
    if relation == "core.shared_keys":
        return [row for row in rows if row["reason"] == "too many subjects"]
    if relation == TIE_OUT:
        return [row for row in rows if row["cause"] == "unexplained"]
    return rows


def differences(
    relation: str, wanted: list[Row], found: list[Row], keys: tuple[str, ...]
) -> list[str]:
    """Missing rows, surplus rows and differing cells of one relation."""
    problems = []
    expected, actual = _by_key(wanted, keys), _by_key(found, keys)
    for key, rows in expected.items():
        name = f"{relation} [{' | '.join(map(str, key))}]"
        others = actual.get(key, [])
        if len(others) != len(rows) or len(rows) > 1:
            problems.append(f"{name}: oracle has {len(rows)} row(s), mart {len(others)}")
            continue
        problems += [
            f"{name} {column}: oracle {shown(value)}, mart {shown(others[0].get(column))}"
            for column, value in rows[0].items()
            if not column.startswith("_") and not same(column, value, others[0])
        ]
    for key, rows in actual.items():
        if key not in expected:
            name = f"{relation} [{' | '.join(map(str, key))}]"
            problems.append(f"{name}: oracle has no row, mart {len(rows)}")
    return problems


def rank_differences(wanted: list[Row], found: list[Row], keys: tuple[str, ...]) -> list[str]:
    """Worklist ranks in the wrong order; ties are not checked."""
    order_of = {tuple(row[key] for key in keys): row["_order"] for row in wanted}
    ranked = sorted(found, key=lambda row: row["worklist_rank"])
    names = [tuple(row[key] for key in keys) for row in ranked]
    if [row["worklist_rank"] for row in ranked] != list(range(1, len(ranked) + 1)):
        return [f"{WORKLIST}: the ranks are not 1 to {len(ranked)}"]
    if set(names) != set(order_of):
        return []
    return [
        f"{WORKLIST} [{' | '.join(name)}] worklist_rank {rank}: does not belong there"
        for rank, (name, order) in enumerate(zip(names, sorted(order_of.values()), strict=True), 1)
        if order_of[name] != order
    ]


def _by_key(rows: list[Row], keys: tuple[str, ...]) -> dict[tuple[Any, ...], list[Row]]:
    grouped: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        grouped.setdefault(tuple(row.get(key) for key in keys), []).append(row)
    return grouped


def same(column: str, value: Any, row: Row) -> bool:
    """Whether the mart's cell equals the oracle's value."""
    if row.get("primary_reason") in LATER_REASONS:
        if column == "primary_reason" and value in LATER_REASONS[row["primary_reason"]]:
            return True
        if column in ("suggested_action", "owner"):
            return True
    return shown(value) == shown(row.get(column))


def shown(value: Any) -> str:
    """One spelling per value."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | Decimal):
        return format(Decimal(str(value)).normalize(), "f")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
