"""A published file without a dbt build, with tables from the mart contracts.

Every table is created from the columns, types and not-null constraints of
`models/marts/**/_*__models.yml`, so a row that is invalid in the real marts is rejected here too.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml

from pipelines.publish.cards import HEADLINE
from pipelines.settings import Warehouse

ROOT = Path(__file__).parents[2]
MARTS = ROOT / "models" / "marts"
AS_OF = date(2026, 4, 12)
AS_OF_AT = datetime(2026, 4, 13, 4)
NONE = Decimal("0.00")  # a contract: no NULL where no order has a rate
TWIN = "ecom_customers_absent_from_d365"
NAMES = {"ustr": "US Trade Inc", "catr": "CA Trade ULC"}
OWNERS = {"B2B": "AR team", "DTC": "Integration team"}
LOADED = ("is_dataverse_loaded", "are_flows_loaded", "are_flow_events_loaded", "are_quotes_loaded")

Row = dict[str, Any]


@dataclass(frozen=True)
class Customer:
    """One absent customer in one destination; `value` None: no order has a rate."""

    name: str | None
    value: Decimal | None = Decimal("100.00")
    segment: str = "DTC"
    entity: str | None = "ustr"
    candidates: str | None = None
    reason: str = "not_created"
    platform: str = "shopify"
    order_count: int = 1
    is_in_dataverse: bool = False
    has_near_match: bool = False
    has_failure: bool = False
    email: str | None = "someone@example.test"
    set_aside_until: date | None = None
    account: str = "US-0231"
    where_to_look: str | None = None


CUSTOMERS = (
    Customer("Wholesale-X", Decimal("18400.00"), "B2B", platform="bigcommerce", order_count=2,
             reason="in_dataverse_not_promoted", is_in_dataverse=True, email="ap@wholesale-x.test"),
    Customer("Harborline Supply Co.", Decimal("9650.00"), "B2B", reason="possible_key_mismatch",
             platform="bigcommerce", has_near_match=True, email="purchasing@harborline.test"),
    Customer("Southern Cross Imports", Decimal("5480.00"), "B2B", None, reason="validation_failed",
             has_failure=True, email=None),
    Customer("Cascade Trail", Decimal("1200.10"), "B2B", None, "catr, ustr"),
    Customer("Rosa Büchner", Decimal("1200.20"), entity="catr", platform="bigcommerce, shopify"),
    Customer("Noor Haddad", None, order_count=3),
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """Published data. `states`: card id → (state, reason) of cards without a number."""

    customers: tuple[Customer, ...] = CUSTOMERS
    states: dict[str, tuple[str, str]] = field(default_factory=dict)
    history_days: int = 30
    has_people: bool = True

    def but(self, **changes: Any) -> World:
        return replace(self, **changes)


def write_published(folder: Path, world: World) -> Warehouse:
    """The published file and manifest of a warehouse folder."""
    target = Warehouse(folder)
    target.published.mkdir(parents=True)
    with duckdb.connect(str(target.published / "marts.duckdb")) as con:
        for (schema, table), columns in contracts().items():
            if schema == "cards" or world.has_people:
                con.execute(f"create schema if not exists {schema}")
                con.execute(f"create table {schema}.{table} ({', '.join(columns)})")
        for table, rows in world_rows(world).items():
            _insert(con, table, rows)
    manifest = {
        "run_id": "run-of-the-test",
        "published_at": "2026-04-13T05:06:07+00:00",
        "built_at": "2026-04-13T05:00:00Z",
        "as_of": str(AS_OF),
    }
    (target.published / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return target


@cache
def contracts() -> dict[tuple[str, str], list[str]]:
    """(published schema, table) → its columns as SQL, of every mart with declared columns."""
    tables = {}
    for path in sorted(MARTS.glob("*/_*__models.yml")):
        for model in yaml.safe_load(path.read_text("utf-8"))["models"]:
            default = {"contains_personal_data": path.parent.name != "cards"}
            meta = model.get("config", {}).get("meta", default)
            schema = "worklist" if meta["contains_personal_data"] else "cards"
            tables[schema, model["name"]] = [
                f'"{column["name"]}" {column["data_type"]}{_not_null(column)}'
                for column in model["columns"]
            ]
    return tables


def _not_null(column: dict[str, Any]) -> str:
    rules = [rule["type"] for rule in column.get("constraints", [])]
    return " not null" if "not_null" in rules else ""


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Row]) -> None:
    """Rows as column → value; missing values are NULL. No-op if the schema is not published."""
    rows = list(rows)
    schema = next(schema for schema, name in contracts() if name == table)
    known = con.execute(
        "select count(*) from duckdb_schemas() where schema_name = ?", [schema]
    ).fetchone()
    if rows and known and known[0]:
        con.register("given", pa.Table.from_pylist(rows))
        con.execute(f"insert into {schema}.{table} by name from given")
        con.unregister("given")


# ---------------------------------------------------------------- rows


def world_rows(world: World) -> dict[str, list[Row]]:
    """Table → rows."""
    people = list(enumerate(world.customers, 1))
    if world.states.get(HEADLINE):
        people = []
    has_past = world.history_days > 1 and bool(people)
    return {
        **_card_rows(world),
        **_data_rows(),
        "card_" + HEADLINE: [_absent(rank, one) for rank, one in people],
        "card_" + TWIN: [_absent(rank, one) for rank, one in people if rank > 1],
        "fct_customer_presence": [_presence(rank, one) for rank, one in people],
        "fct_orders": [*_other_orders(), *(row for k, c in people for row in _fact_orders(k, c))],
        "onboarding_worklist": [_listed(rank, one) for rank, one in people],
        "onboarding_changes": _changes(people) if has_past else [],
        "onboarding_history": _history(people) if has_past else [],
        "onboarding_orders": [row for rank, one in people for row in _orders(rank, one)],
        "onboarding_import_records": [_import(rank, one) for rank, one in people],
        "onboarding_keys_tried": [row for rank, one in people for row in _tried(rank, one)],
        "onboarding_validation_failures": [_failure(k, c) for k, c in people if c.has_failure],
        "onboarding_near_matches": [_near(rank, c) for rank, c in people if c.has_near_match],
        "onboarding_decision_effects": [row for k, c in people for row in _decided(k, c)],
        "xref_customer_dataverse": [_in_dataverse(k) for k, c in people if c.is_in_dataverse],
        "dim_dataverse_customers": [_dataverse(k, c) for k, c in people if c.is_in_dataverse],
        "onboarding_headline_vs_twin": [_versus(rank, one) for rank, one in people],
        "onboarding_reconciliation": [_reconciled(k, c) for k, c in people if c.is_in_dataverse],
        "onboarding_duplicate_candidates": _duplicates(people),
        "onboarding_key_sensitivity": _sensitivity(len(people)),
    }


def registry() -> list[dict[str, str]]:
    with (ROOT / "seeds" / "cards" / "card_registry.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def card_value(world: World, card_id: str) -> int | None:
    """The value of a card in this world."""
    if card_id in world.states:
        return None
    return len(world.customers) if card_id == HEADLINE else 7


def _card_rows(world: World) -> dict[str, list[Row]]:
    values, dims, history = [], [], []
    for card in registry():
        card_id, days = card["card_id"], int(card["window_days"] or 0) or None
        threshold = int(card["threshold"]) if card["threshold"] else None
        value = card_value(world, card_id)
        is_headline = card_id == HEADLINE
        rated = [one.value for one in world.customers if one.value is not None]
        state, reason = world.states.get(card_id, ("", None))
        if not state:
            state = "alert" if threshold is not None and value > threshold else "ok"
        at = {"as_of_date": AS_OF, "as_of_at": AS_OF_AT}
        window = {
            "window_start_at": AS_OF_AT - timedelta(days=days or 1),
            "window_end_at": AS_OF_AT,
        }
        segment = {
            f"{code.lower()}_value": sum(one.segment == code for one in world.customers)
            for code in OWNERS
        }
        numbers = {
            "value": value,
            **(segment if is_headline and value is not None else {}),
            "reporting_value": sum(rated, NONE) if is_headline and rated and value else None,
            "largest_customer_value": max(rated, default=None) if is_headline and value else None,
            "unrated_values": _unrated(world.customers) if is_headline and value else None,
            "also_in_dataverse_value": (
                sum(one.is_in_dataverse for one in world.customers)
                if is_headline and value is not None else None
            ),
        }  # fmt: skip
        common = {
            "card_id": card_id, "card_order": int(card["card_order"]), "title": card["title"],
            "unit": card["unit"], "threshold": threshold, "window_days": days, **window,
            "window_text": (f"{days} days" if days else f"{card['window_hours']} hours")
            + (f", after {card['grace_days']} days of grace" if int(card["grace_days"]) else ""),
            "alert_text": f"above {threshold}" if card["threshold"] else None,
        }  # fmt: skip
        values.append(
            common | at | numbers | {
                "reporting_currency_code": "USD", "state": state, "state_reason": reason,
                "trace_id": f"trace-{card_id}", "alerting_value": value,
                "previous_value": 4 if is_headline and value is not None else None,
            }
        )  # fmt: skip
        dims.append(
            common | at | {
                "key_scope": card["key_scope"] or None, "grace_days": int(card["grace_days"]),
                "is_enabled": True,
                "has_segments": card["has_segments"] == "true",
                "has_reporting_value": card["has_reporting_value"] == "true",
                "card_condition": state if card_id in world.states else "measurable",
                "condition_reason": reason, "is_measurable": card_id not in world.states,
                **dict.fromkeys(LOADED, True),
                "window_hours": int(card["window_hours"]) if card["window_hours"] else None,
            }
        )  # fmt: skip
        for ago in range(world.history_days):
            is_gap = ago == 5 or (ago == 0 and value is None)
            past = value if ago == 0 else 3 + (ago * 5) % 11
            history.append({
                "card_id": card_id, "as_of_date": AS_OF - timedelta(days=ago),
                "as_of_at": AS_OF_AT - timedelta(days=ago), "measured_at": AS_OF_AT,
                "card_condition": "missing_data" if is_gap else "measurable",
                "value": None if is_gap else past,
                "reporting_value": None if is_gap or not is_headline else Decimal(past * 1000),
                "is_backfilled": ago > 20,
                "is_whole_day": True,
            })  # fmt: skip
    return {
        "card_values": values,
        "dim_cards": dims,
        "card_history": history,
    }


def _data_rows() -> dict[str, list[Row]]:
    """Masters, stores, flows and entities."""
    seen = {"read_at": AS_OF_AT, "load_id": "1"}
    return {
        "dim_legal_entities": [
            {"legal_entity_id": key, "legal_entity_name": name, "erp": "fo", "erp_code": key,
             "functional_currency_code": "USD", "country_code": "US", "is_reporting_entity": True,
             "customer_master_legal_entity_id": key, "are_documents_loaded": True}
            for key, name in NAMES.items()
        ],
        "fct_master_guard": [
            {"legal_entity_id": "ustr", "source_name": "d365_fo", "guard_state": "ok",
             "row_count": 134, "rejected_row_count": 0, **seen},
            {"legal_entity_id": "catr", "source_name": "d365_fo", "guard_state": "stale",
             "row_count": 34, "previous_good_row_count": 33,
             "rejected_row_count": 0, **seen},
        ],
        "dim_flows": [
            {"flow_key": "f1", "instance": "prod", "flow_id": "f1", "flow_name": "Create customer",
             "purpose": "creates_customer", "flow_state": "suspended", "flow_health": "suspended"}
        ],
        "card_flow_health": [
            {"as_of_date": AS_OF, "failed_run_count": 7, "distinct_failed_run_count": 5,
             "flow_count": 4, "off_flow_count": 1, "suspended_flow_count": 2, "stale_flow_count": 3,
             "ingestion_gap_count": 0}
        ],
        "onboarding_unidentifiable_orders": [
            {"order_key": f"shopify:dtc-us:{number}", "platform": "shopify", "instance": "dtc-us",
             "platform_order_id": str(number), "order_number": f"#D{number}", "ordered_at": AS_OF_AT,
             "order_currency_code": "USD", "order_value": Decimal("10.0000"),
             "order_value_reporting": Decimal("10.00"), "reporting_currency_code": "USD",
             "is_posted": False}
            for number in (7, 8)
        ],
        "card_order_tie_out": [
            {"order_key": "shopify:dtc-us:1", "customer_id": "c1", "platform": "shopify",
             "instance": "dtc-us", "order_number": "#D1", "ordered_at": AS_OF_AT,
             "order_value_reporting": Decimal("5.00"), "is_of_absent_customer": True,
             "is_unmapped_on_order_card": False, "counted_by": "only_headline",
             "cause": "listed_as_awaiting_sync"}
        ],
    }  # fmt: skip


ORDER = {
    "customer_id": "c1", "platform": "shopify", "instance": "dtc-us", "platform_order_id": "1",
    "ordered_at": AS_OF_AT - timedelta(hours=1), "order_date": AS_OF, "order_state": "active", "is_active": True,
    "is_status_known": True, "is_paid": True, "is_fulfilled": False, "is_awaiting_sync": False,
    "subject_type": "account", "order_segment_code": "DTC", "mapping_status": "resolved",
    "destination_key": "ustr", "order_currency_code": "USD", "reporting_currency_code": "USD",
    "is_rate_missing": False, "is_posted": False, "is_held_in_expected_entity": False,
    "is_held_elsewhere": False, "is_invoiced": False, "is_covered_by_default_customer": False,
    "order_number": "#D1", "order_reference": "S-#D1", "raw_status": "PAID",
    "order_value": Decimal("1.0000"), "is_customer_in_fo": True, "has_failed_order_flow": False,
}  # fmt: skip


def _other_orders() -> list[Row]:
    """Three orders of a present customer, an hour before the end of the window."""
    return [
        ORDER
        | {"order_key": f"shopify:dtc-us:{number}", "order_value_reporting": Decimal("20000.00")}
        for number in range(3)
    ]


def _fact_orders(rank: int, one: Customer) -> Iterable[Row]:
    """The orders of an absent customer, of the day before yesterday."""
    for row in _orders(rank, one):
        own = ("order_key", "customer_id", "destination_key", "platform_order_id", "is_rate_missing",
               "order_currency_code", "order_value", "order_value_reporting")  # fmt: skip
        yield ORDER | {name: row[name] for name in own} | {
            "ordered_at": AS_OF_AT - timedelta(days=2), "order_date": AS_OF - timedelta(days=2),
            "platform": "bigcommerce", "instance": "b2b-us",
        }  # fmt: skip


def _opening(rank: int, one: Customer) -> Row:
    return {
        "opening_id": f"o{rank}", "worklist_key": f"{customer_id(rank)}|{destination(one)}",
        "customer_id": customer_id(rank), "destination_key": destination(one),
        "first_seen_date": AS_OF - timedelta(days=9), "blocked_value_reporting": one.value,
        "primary_reason": one.reason,
    }  # fmt: skip


GONE = Customer("Solved Ltd", Decimal("500.00"))


def _changes(people: list[tuple[int, Customer]]) -> list[Row]:
    """The first customer is new, one is solved, one no longer counts."""
    at = {"as_of_date": AS_OF, "preceding_as_of_date": AS_OF - timedelta(days=1)}
    gone = [(98, GONE, "cancelled"), (99, GONE, "cleared")]
    return [
        _opening(rank, one) | at | {"change": change, "days_open": rank % 9}
        for rank, one, change in [*((k, c, "new") for k, c in people[:1]), *gone]
    ]


def _history(people: list[tuple[int, Customer]]) -> list[Row]:
    """Yesterday the list lacked its first customer, and the value of the second was smaller."""
    rows = []
    for ago, listed in ((0, people), (1, [*people[1:], (99, GONE)])):
        for rank, one in listed:
            less = 50 if ago and rank == 2 and one.value else 0
            rows.append(_opening(rank, one) | {
                "as_of_date": AS_OF - timedelta(days=ago), "as_of_at": AS_OF_AT - timedelta(days=ago),
                "blocked_value_reporting": one.value and one.value - less, "status": "absent",
                "opening_number": 1, "measured_at": AS_OF_AT, "is_backfilled": False,
                "is_whole_day": True,
            })  # fmt: skip
    return rows


def customer_id(rank: int) -> str:
    return f"c{rank:032x}"


def destination(one: Customer) -> str:
    return one.entity or one.candidates or "(unmapped)"


def _unrated(customers: Iterable[Customer]) -> str | None:
    count = sum(one.value is None for one in customers)
    return f"AED {1800 * count}.00" if count else None


def _mapping(one: Customer) -> Row:
    status = "resolved" if one.entity else "ambiguous" if one.candidates else "unmapped"
    return {
        "expected_legal_entity_id": one.entity,
        "mapping_status": status,
        "mapped_by": None if status == "unmapped" else "ship_to_country",
        "candidate_legal_entity_ids": one.entity or one.candidates,
    }


def _absent(rank: int, one: Customer) -> Row:
    return {
        "customer_id": customer_id(rank), "segment_code": one.segment, "platforms": one.platform,
        "order_count": one.order_count, "blocked_value_reporting": one.value,
        "is_rate_missing": one.value is None, "unrated_values": _unrated([one]),
        "absent_legal_entity_ids": one.entity, "is_in_dataverse": one.is_in_dataverse,
    }  # fmt: skip


def _presence(rank: int, one: Customer) -> Row:
    return _mapping(one) | {
        "window_days": 7, "key_scope": "headline", "customer_id": customer_id(rank),
        "destination_key": destination(one), "presence": "absent", "has_d365_duplicates": False,
        "has_key_conflict": False, "is_through_person": False,
        "order_count": one.order_count,
        "open_order_count": one.order_count, "first_order_at": AS_OF_AT, "last_order_at": AS_OF_AT,
        "is_in_headline": True, "is_awaiting_sync": False, "is_rate_missing": one.value is None,
        "open_value_reporting": one.value, "unrated_values": _unrated([one]), "posted_value_reporting": NONE,
        "is_covered_by_default_customer": False, "segment_code": one.segment,
        "platforms": one.platform, "customer_presence": "absent",
        "customer_order_count": one.order_count,
        "customer_blocked_value_reporting": one.value,
        "is_customer_rate_missing": one.value is None, "is_in_dataverse": one.is_in_dataverse,
    }  # fmt: skip


def _listed(rank: int, one: Customer) -> Row:
    return _mapping(one) | {
        "worklist_key": f"{customer_id(rank)}|{destination(one)}", "worklist_rank": rank,
        "customer_id": customer_id(rank), "customer_name": one.name, "segment_code": one.segment,
        "platforms": one.platform, "platform_customers": f"shopify:dtc-us:account:{rank}",
        "emails": one.email, "order_count": one.order_count, "blocked_order_count": one.order_count,
        "first_order_at": AS_OF_AT - timedelta(days=2), "last_order_at": AS_OF_AT,
        "blocked_value_reporting": one.value, "reporting_currency_code": "USD",
        "blocked_values": f"USD {one.value}" if one.value is not None else "AED 1800.00",
        "posted_value_reporting": NONE, "is_rate_missing": one.value is None,
        "is_awaiting_sync": False, "is_in_dataverse": one.is_in_dataverse,
        "dataverse_ids": f"dv-{rank}" if one.is_in_dataverse else None,
        "primary_reason": one.reason, "suggested_action": f"Do {one.reason}.",
        "owner": OWNERS[one.segment], "first_seen_date": AS_OF - timedelta(days=rank % 9),
        "days_open": rank % 9, "aging_bucket": "0-1 days", "is_reopened": False,
        "set_aside_until": one.set_aside_until,
        "set_aside_note": "credit check" if one.set_aside_until else None,
    }  # fmt: skip


def _orders(rank: int, one: Customer) -> Iterable[Row]:
    """The orders of a customer share its value equally; the first gets the remainder."""
    for number in range(one.order_count):
        value = None
        if one.value is not None:
            part = (one.value / one.order_count).quantize(Decimal("0.01"))
            value = one.value - part * (one.order_count - 1) if number == 0 else part
        yield {
            "order_key": f"shopify:dtc-us:{rank}-{number}", "customer_id": customer_id(rank),
            "destination_key": destination(one), "expected_legal_entity_id": one.entity,
            "platform": "shopify", "instance": "dtc-us", "platform_order_id": f"{rank}-{number}",
            "order_number": f"#D{rank}-{number}", "order_reference": f"S-#D{rank}-{number}", "ordered_at": AS_OF_AT - timedelta(hours=number),
            "raw_status": "PAID", "country_code": "US",
            "order_currency_code": "AED" if value is None else "USD",
            "order_value": Decimal("600.0000") if value is None else value.quantize(Decimal("0.0001")),
            "order_value_reporting": value, "is_posted": False, "is_blocked": True,
            "is_awaiting_sync": False, "is_rate_missing": value is None,
        }  # fmt: skip


def _import(rank: int, one: Customer) -> Row:
    return {
        "worklist_key": f"{customer_id(rank)}|{destination(one)}", "worklist_rank": rank,
        "customer_id": customer_id(rank), "destination_key": destination(one), "erp": "fo",
        "import_state": "invalid" if one.has_failure else "ready", "primary_reason": one.reason,
        "party_type": "Person", "customer_name": one.name, "external_id": f"shopify:dtc-us:{rank}",
    }  # fmt: skip


def _tried(rank: int, one: Customer) -> list[Row]:
    """The e-mail is looked for in two fields, the tax id is not there."""
    row = {
        "worklist_key": f"{customer_id(rank)}|{destination(one)}", "customer_id": customer_id(rank),
        "legal_entity_id": "ustr", "key_type": "email", "source_field": "*.email",
        "key_values": one.email, "outcome": "nothing" if one.email else "no_value",
        "found_records": None, "where_to_look": one.where_to_look,
    }  # fmt: skip
    found = {"outcome": "dataverse_only", "found_records": "dv-1"} if one.is_in_dataverse else {}
    return [
        row | {"match_key_id": "tax", "precedence": 20, "key_type": "tax_id", "key_values": None,
               "source_field": "*.tax_id", "d365_field": "TaxExemptNumber", "outcome": "no_value"},
        row | {"match_key_id": "email", "precedence": 30, "d365_field": "PrimaryContactEmail"}
        | found,
    ]  # fmt: skip


def _failure(rank: int, one: Customer) -> Row:
    return {
        "worklist_key": f"{customer_id(rank)}|{destination(one)}", "customer_id": customer_id(rank),
        "destination_key": destination(one), "erp": "fo", "failing_field": "tax_id",
        "field_name": "tax_id", "d365_field": "TaxExemptNumber", "problem": "too_long",
        "max_length": 20,
    }  # fmt: skip


def _near(rank: int, one: Customer) -> Row:
    return {
        "customer_id": customer_id(rank), "customer_name": one.name, "match_rank": 1,
        "d365_customer_key": f"fo:{rank}", "d365_customer_id": one.account,
        "legal_entity_id": "ustr", "d365_customer_name": f"{one.name} (old)", "is_blocked": False,
        "score": Decimal("0.9876"), "shown_threshold": Decimal("0.9000"),
        "driven_by": "same tax number",
    }  # fmt: skip


def _decided(rank: int, one: Customer) -> list[Row]:
    """Beside the setting aside a decision that does nothing."""
    row = {
        "customer_text": customer_id(rank), "customer_name": one.name, "decided_by": "ann",
        "decided_on": AS_OF, "legal_entity_id": None, "until_date": None, "note": None,
    }  # fmt: skip
    kept = {"decision": "set_aside_until", "until_date": one.set_aside_until, "effect": "in_force"}
    lost = {"decision": "same_as", "legal_entity_id": "ustr", "d365_customer_id": "US-9"}
    return [row | kept | {"d365_customer_id": None, "note": "credit check"},
            row | lost | {"effect": "no_account"}] if one.set_aside_until else []  # fmt: skip


def _in_dataverse(rank: int) -> Row:
    return {
        "customer_id": customer_id(rank), "dataverse_key": f"key-{rank}",
        "dataverse_table": "account", "dataverse_id": f"dv-{rank}", "is_active": True,
        "matched_key_type": "email", "is_promoted": False,
    }  # fmt: skip


def _dataverse(rank: int, one: Customer) -> Row:
    return {
        "dataverse_key": f"key-{rank}", "instance": "prod", "dataverse_table": "account",
        "dataverse_id": f"dv-{rank}", "customer_name": one.name, "is_active": True,
        "created_at": AS_OF_AT, "is_promoted": False, "eligibility_reason": "no_company",
    }  # fmt: skip


def _versus(rank: int, one: Customer) -> Row:
    is_both = rank > 1
    return {
        "customer_id": customer_id(rank), "customer_name": one.name, "segment_code": one.segment,
        "counted_by": "both" if is_both else "only_headline", "headline_presence": "absent",
        "twin_presence": "absent" if is_both else "present",
        "headline_blocked_value_reporting": one.value, "headline_unrated_values": _unrated([one]),
        "cause": "no key finds it" if is_both else "name and address find it",
    }  # fmt: skip


def _reconciled(rank: int, one: Customer) -> Row:
    return {
        "reason": "dataverse_staging", "effect": "only_headline", "party_key": customer_id(rank),
        "customer_id": customer_id(rank), "customer_name": one.name, "segment_code": one.segment,
        "detail": f"in Dataverse as dv-{rank}", "blocked_value_reporting": one.value,
        "unrated_values": _unrated([one]),
    }  # fmt: skip


def _duplicates(people: list[tuple[int, Customer]]) -> list[Row]:
    if len(people) < 2:
        return []
    (first, one), (second, other) = people[:2]
    return [{
        "customer_id": customer_id(first), "other_customer_id": customer_id(second),
        "customer_name": one.name, "other_customer_name": other.name, "shared": "email",
        "platform_customers": "a", "other_platform_customers": "b", "shared_count": 1,
    }]  # fmt: skip


def _sensitivity(absent: int) -> list[Row]:
    keys = ("email + external_id + tax_id", "email", "tax_id")
    return [
        {"key_types": key, "key_type_count": key.count("+") + 1, "is_headline": number == 0,
         "absent_customer_count": absent + number, "b2b_customer_count": absent,
         "dtc_customer_count": number, "blocked_value_reporting": Decimal(number),
         "reporting_currency_code": "USD", "difference_to_headline": number}
        for number, key in enumerate(keys)
    ]  # fmt: skip
