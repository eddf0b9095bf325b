"""Expected rows of every card and the worklist, from a computed oracle."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import stdnum
from oracle import Oracle, added, currency_texts, sums_by_currency, total, unrated_texts
from oracle_customers import Customer, destination_entities, listed, rows_of
from oracle_keys import active_rows
from oracle_orders import Order
from oracle_reading import (
    MERGED,
    ORDER_TIMES,
    amount,
    at,
    blank,
    gid,
    instant,
    lower,
    stated,
)
from oracle_values import read_rates
from stdnum.ch import uid as uid_of_switzerland
from stdnum.exceptions import ValidationError
from stdnum.no import orgnr as orgnr_of_norway

HEADLINE = "ecom_customers_absent_from_d365_customer_master"
TWIN = "ecom_customers_absent_from_d365"
ORDERS_CARD = "commerce_orders_without_business_central_sales_order"
INVOICES_CARD = "ecom_orders_missing_d365_free_text_invoice"
DATAVERSE_CARD = "customers_in_dataverse_not_promoted_to_d365"
FLOWS_CARD = "power_automate_flow_failures"
ACTIVE_CARD = "active_customers"
PLATFORMS = ("shopify", "bigcommerce", "adobe_commerce")
CUSTOMERS = {"d365_fo": ("customers",), "d365_bc": ("customers",)}
DOCUMENTS = {
    "d365_fo": ("sales_orders", "free_text_invoices"),
    "d365_bc": ("sales_orders", "sales_invoices"),
}
# card → resources needed in every installation; resources needed per ERP of the field map
READS: dict[str, tuple[tuple[str, ...], dict[str, tuple[str, ...]]]] = {
    HEADLINE: (("commerce.orders",), CUSTOMERS),
    TWIN: (("commerce.orders",), CUSTOMERS),
    ACTIVE_CARD: (("commerce.orders",), CUSTOMERS),
    DATAVERSE_CARD: (
        ("dataverse.accounts", "dataverse.contacts", "dataverse.cdm_companies"),
        CUSTOMERS,
    ),
    ORDERS_CARD: (
        ("commerce.orders",),
        {source: CUSTOMERS[source] + DOCUMENTS[source] for source in CUSTOMERS},
    ),
    INVOICES_CARD: (
        (
            "commerce.orders", "d365_fo.customers", "d365_fo.sales_orders",
            "d365_fo.free_text_invoices",
        ),
        {"d365_bc": ("customers", "sales_invoices")},
    ),
    FLOWS_CARD: (("power_automate.workflows", "power_automate.flow_runs"), {}),
}  # fmt: skip
# order amounts that may be unreadable
AMOUNTS = {
    "bigcommerce": ("total_inc_tax", "total_ex_tax", "refunded_amount"),
    "adobe_commerce": ("grand_total", "tax_amount"),
}
# fields of which one must have a value, each a path; the first one is listed otherwise
NEEDED = {
    "shopify": (
        tuple(
            (total, money, "amount")
            for total in ("currentTotalPriceSet", "totalPriceSet")
            for money in ("presentmentMoney", "shopMoney")
        ),
    ),
    "bigcommerce": ((("status_id",), ("status",)), (("total_inc_tax",), ("total_ex_tax",))),
    "adobe_commerce": ((("state",), ("status",)), (("grand_total",),)),
}
DAY = timedelta(hours=24)
ZERO = Decimal(0)
Facts = dict[str, Any]


def order_rows(oracle: Oracle) -> list[Facts]:
    """One row per order of the look-back in a store in scope."""
    return [
        {
            "order_key": order.key,
            "customer": order.facts["customer"].label if order.facts["customer"] else None,
            "order_number": order.number,
            "ordered_at": order.ordered_at,
            "order_date": order.facts["date"],
            "raw_status": order.raw_status,
            "order_state": order.facts["state"],
            "is_active": order.facts["is_active"],
            "is_status_known": order.facts["is_status_known"],
            "is_paid": order.is_paid,
            "is_fulfilled": order.is_fulfilled,
            "is_awaiting_sync": order.facts["is_awaiting_sync"] if order.ordered_at else None,
            "subject_type": order.facts["kind"],
            "order_segment_code": order.facts["segment"],
            "country_code": order.facts["country"],
            "mapping_status": order.facts["status"],
            "mapped_by": order.facts["mapped_by"],
            "expected_legal_entity_id": order.facts["expected"],
            "candidate_legal_entity_ids": listed(order.facts["candidates"]),
            "order_currency_code": order.currency,
            "order_value": order.facts["value"],
            "order_value_gross": order.gross,
            "order_value_net": order.net,
            **(_active_facts(order) if order.facts["is_active"] else {}),
        }
        for order in oracle.orders
    ]


def _active_facts(order: Order) -> Facts:
    return {
        "order_value_reporting": order.facts["reporting"],
        "rate_method": order.facts["rate_method"],
        "is_rate_missing": order.facts["is_rate_missing"],
        "is_posted": order.facts["is_posted"],
        "is_held_in_expected_entity": order.facts["is_held_here"],
        "is_held_elsewhere": order.facts["is_held_elsewhere"],
        "is_invoiced": order.facts["is_invoiced"],
        "is_covered_by_default_customer": order.facts["is_covered"],
    }


def worklist_rows(oracle: Oracle) -> list[Facts]:
    """One row per absent customer and destination of the headline's window; `_order` ranks it.

    Empty while the headline has no number: without a customer master everyone would be absent.
    """
    if not has_number(oracle, HEADLINE):
        return []
    rows = [
        _worklist_row(oracle, row)
        for row in oracle.presence_rows
        if row["window_days"] == 7
        and row["key_scope"] == "headline"
        and row["presence"] == "absent"
    ]
    for row in rows:
        blocked = row["blocked_value_reporting"]
        ranked = row["_unrated"] if row["is_rate_missing"] else blocked
        row["_order"] = (
            row["is_rate_missing"],
            ranked is None,
            -(ranked or ZERO),
            blocked is None,
            -(blocked or ZERO),
            row["first_order_at"],
        )
    return rows


def _worklist_row(oracle: Oracle, row: Facts) -> Facts:
    customer = oracle.customer(row["customer"])
    active = next(
        one
        for one in oracle.active_rows
        if (one["window_days"], one["key_scope"], one["customer"])
        == (7, "headline", row["customer"])
    )
    blocked = [order for order in row["_orders"] if not order.facts["is_posted"]]
    unrated = [order for order in blocked if order.facts["is_rate_missing"]]
    posted = [order for order in row["_orders"] if order.facts["is_posted"]]
    dataverse = oracle.in_dataverse[customer.label]
    here = row["destination_key"].split(", ")
    promoted = [match.holder.facts["promoted_to"] for match in dataverse]
    elsewhere = [
        holder
        for holder in (
            *(match.holder for match in oracle.matches["headline", customer.label]),
            *promoted,
        )
        if holder and (holder.legal_entity_id or holder.erp_code) not in here
    ]
    names = sorted(
        customer.subjects,
        key=lambda s: (("company", "account", "guest").index(s.kind), s.key),
    )
    found = {
        kind: customer.key_values(
            str(match["match_key_id"])
            for match in rows_of(oracle.field_map, "headline")
            if lower(match["key_type"]) == kind
        )
        for kind in ("email", "tax_id")
    }
    verdicts = [is_tax_id_valid(value) for value in found["tax_id"]]
    judged = [verdict for verdict in verdicts if verdict is not None]
    reason = next(
        name
        for name, holds in (
            ("in_dataverse_not_promoted", None in promoted),
            ("in_other_legal_entity", elsewhere),
            ("awaiting_sync", row["is_awaiting_sync"]),
            (
                "flow_failed",
                any(failed_runs(oracle, order, "creates_customer") for order in row["_orders"]),
            ),
            ("validation_failed", is_rejected(oracle, customer, row, active["segment_code"])),
            ("not_created", True),
        )
        if holds
    )
    action = next(
        a
        for a in oracle.field_map.actions
        if (a["primary_reason"], a["segment_code"]) == (reason, active["segment_code"])
    )
    return {
        "customer": customer.label,
        "destination_key": row["destination_key"],
        "customer_name": names[0].name,
        "segment_code": active["segment_code"],
        "platforms": active["platforms"],
        "platform_customers": listed(subject.key for subject in customer.subjects),
        "emails": listed(found["email"]),
        "tax_ids": listed(found["tax_id"]),
        "is_tax_id_valid": all(judged) if judged else None,
        "expected_legal_entity_id": row["expected_legal_entity_id"],
        "mapping_status": row["mapping_status"],
        "mapped_by": row["mapped_by"],
        "candidate_legal_entity_ids": row["candidate_legal_entity_ids"],
        "order_count": row["order_count"],
        "blocked_order_count": len(blocked),
        "first_order_at": row["first_order_at"],
        "last_order_at": row["last_order_at"],
        "blocked_value_reporting": total(blocked),
        "blocked_values": currency_texts(blocked),
        "posted_value_reporting": row["posted_value_reporting"],
        "posted_values": currency_texts(posted),
        "is_rate_missing": row["is_rate_missing"],
        "is_awaiting_sync": row["is_awaiting_sync"],
        "is_in_dataverse": bool(dataverse)
        or oracle.unless_loaded("dataverse", "accounts", "contacts"),
        "dataverse_ids": listed(match.holder.facts["id"] for match in dataverse),
        "other_legal_entity_ids": listed(
            holder.legal_entity_id or holder.erp_code for holder in elsewhere
        ),
        "other_d365_customer_ids": listed(holder.customer_id for holder in elsewhere),
        "primary_reason": reason,
        "suggested_action": action["suggested_action"],
        "owner": action["owner"],
        "_unrated": max(sums_by_currency(unrated).values(), default=ZERO),
    }


def import_rows(oracle: Oracle) -> list[Facts]:
    """One row per row of the worklist, with the id of its customer in every import file: its
    smallest company's, else account's, whichever shop the orders of the row came from."""
    rows = []
    for row in worklist_rows(oracle):
        subjects = oracle.customer(row["customer"]).subjects
        first = min(
            (one for one in subjects if one.kind != "guest"),
            key=lambda one: (one.kind != "company", one.key),
            default=None,
        )
        external_id = first.key.replace(f":{first.kind}:", ":", 1) if first else "guest"
        rows.append(
            {
                "customer": row["customer"],
                "destination_key": row["destination_key"],
                "expected_legal_entity_id": row["expected_legal_entity_id"],
                "external_id": external_id,
            }
        )
    return rows


def is_rejected(oracle: Oracle, customer: Customer, row: Facts, segment: str) -> bool:
    """Whether D365 would reject the record: entity, name, country, e-mail or tax id."""
    here = [
        order
        for order in customer.orders
        if order.facts["is_active"] and order.facts["destination"] == row["destination_key"]
    ]
    kinds = ("company", "account", "guest")
    newest = max(
        here,
        key=lambda order: (-kinds.index(order.facts["kind"]), order.ordered_at, order.key),
    )
    company = one_line(newest.company_name)
    person = one_line(newest.person_name)
    is_organization = newest.facts["kind"] == "company" or bool(
        company and (not person or segment == "B2B")
    )
    written = {one for subject in customer.subjects for one in subject.written}
    emails = [
        value
        for name, text, _ in written
        if name.endswith(".email")
        for value in oracle.keys.values("email", text, None)
    ]
    return (
        row["expected_legal_entity_id"] is None
        or not (company if is_organization else person)
        or newest.facts["country"] is None
        or not emails
        or is_tax_id_rejected(oracle, written, segment)
    )


def is_tax_id_rejected(oracle: Oracle, written: set[Any], segment: str) -> bool:
    """A company needs a tax id; an invalid text, or only wrong check digits, is rejected."""
    texts = [(text, country) for name, text, country in written if name.endswith(".tax_id")]
    if not texts:
        return segment == "B2B"
    if not any(lower(row["key_type"]) == "tax_id" for row in active_rows(oracle.field_map)):
        return False
    found = [value for one in texts for value in oracle.keys.values("tax_id", *one)]
    return not found or all(is_tax_id_valid(value) is False for value in found)


def one_line(written: str | None) -> str | None:
    """A name on one line; None when nothing is left."""
    return " ".join((written or "").split()) or None


def order_card_rows(oracle: Oracle) -> list[Facts]:
    """Active orders of 30 days without a document in the expected company, with one reason."""
    if not has_number(oracle, ORDERS_CARD):
        return []
    rows = []
    for order in oracle.active_orders(30):
        facts = order.facts
        if facts["is_held_here"] or order.ordered_at is None:
            continue
        flags = {
            "is_awaiting_sync": facts["is_awaiting_sync"],
            "has_mapping_conflict": facts["is_held_elsewhere"] or facts["status"] != "resolved",
            "is_unmapped_customer": is_customer_absent(oracle, order),
            "has_connector_error": bool(failed_runs(oracle, order, "creates_order"))
            or oracle.unless_loaded("power_automate", "workflows", "flow_runs"),
            "has_field_validation_error": facts["kind"] == "unidentifiable"
            or facts["country"] is None
            or facts["value"] is None
            or facts["is_rate_missing"],
        }
        reasons = (
            "awaiting_sync",
            "mapping_conflict",
            "unmapped_customer",
            "connector_error",
            "field_validation",
        )
        rows.append(
            {
                "order_key": order.key,
                "customer": facts["customer"].label if facts["customer"] else None,
                "expected_legal_entity_id": facts["expected"],
                "order_value_reporting": facts["reporting"],
                "age_days": (oracle.settings.as_of_date - order.date).days,
                "is_older_than_24_hours": order.ordered_at < oracle.settings.as_of_at - DAY,
                "reason": next(
                    (name for name, holds in zip(reasons, flags.values(), strict=True) if holds),
                    "unexplained",
                ),
                **flags,
            }
        )
    return rows


def failed_runs(oracle: Oracle, order: Order, purpose: str) -> list[str]:
    """The failed primary runs of flows of a purpose that started in the hours after an order."""
    end = oracle.settings.as_of_at
    return [
        run["key"]
        for run in oracle.runs
        if run["is_failed"]
        and run["is_primary"]
        and run["purpose"] == purpose
        and run["started_at"]
        and order.ordered_at
        and order.ordered_at <= run["started_at"] < order.ordered_at + oracle.settings.flow_hours
        and run["started_at"] < end
    ]


def master_entities(oracle: Oracle, order: Order) -> set[str]:
    """The legal entities whose customer masters count for an order."""
    return oracle.field_map.with_masters(destination_entities(order, oracle.field_map))


def is_customer_absent(oracle: Oracle, order: Order) -> bool:
    """Whether the customer is absent at the destination and the order itself not covered."""
    customer, facts = order.facts["customer"], order.facts
    if customer is None or facts["is_covered"]:
        return False
    entities = master_entities(oracle, order)
    matches = oracle.matches["headline", customer.label]
    return not any(match.holder.legal_entity_id in entities for match in matches)


def invoice_card_rows(oracle: Oracle) -> list[Facts]:
    """Paid or fulfilled orders older than 7 days, in F&O's customer master, without an invoice."""
    if not has_number(oracle, INVOICES_CARD):
        return []
    rows = []
    for order in oracle.active_orders(30, timedelta(days=7)):
        facts = order.facts
        if not (order.is_paid or order.is_fulfilled) or facts["is_invoiced"]:
            continue
        if facts["customer"] is None:
            continue
        matches = oracle.matches["headline", facts["customer"].label]
        entities = master_entities(oracle, order)
        is_present = any(match.holder.legal_entity_id in entities for match in matches)
        is_in_fo = any(
            match.holder.system == "fo" and match.holder.legal_entity_id for match in matches
        )
        if is_present and is_in_fo:
            rows.append(
                {
                    "order_key": order.key,
                    "customer": facts["customer"].label,
                    "expected_legal_entity_id": facts["expected"],
                    "order_value_reporting": facts["reporting"],
                    "has_sales_order": facts["is_posted"],
                }
            )
    return rows


def dataverse_card_rows(oracle: Oracle) -> list[Facts]:
    """Active accounts and contacts created in 7 days that have no D365 customer."""
    if not has_number(oracle, DATAVERSE_CARD):
        return []
    start = oracle.settings.window_start(7)
    return [
        {
            "dataverse_key": row.key,
            "created_at": row.facts["created_at"],
            "eligibility_reason": row.facts["reason"],
        }
        for row in oracle.dataverse
        if row.facts["is_active"]
        and not row.facts["is_promoted"]
        and row.facts["created_at"] is not None
        and start <= row.facts["created_at"] < oracle.settings.as_of_at
    ]


def flow_card_rows(oracle: Oracle) -> list[Facts]:
    """Failed primary runs of the last 24 hours; the first of each trigger is marked."""
    if not has_number(oracle, FLOWS_CARD):
        return []
    end = oracle.settings.as_of_at
    failed = [
        run
        for run in oracle.runs
        if run["is_failed"]
        and run["is_primary"]
        and run["started_at"]
        and end - DAY <= run["started_at"] < end
    ]
    seen: set[Any] = set()
    rows = []
    for run in sorted(failed, key=lambda run: (run["started_at"], run["key"])):
        trigger = (run["flow"], run["name"])
        rows.append({"flow_run_key": run["key"], "is_first_attempt": trigger not in seen})
        seen.add(trigger)
    return rows


def unidentifiable_rows(oracle: Oracle) -> list[Facts]:
    """Active orders of 7 days without an identifiable customer."""
    return [
        {"order_key": order.key, "order_value_reporting": order.facts["reporting"]}
        for order in oracle.active_orders(7)
        if order.facts["kind"] == "unidentifiable"
    ]


def headline_and_twin_rows(oracle: Oracle) -> list[Facts]:
    """The customers of the headline and the twin, with their card."""
    by_customer: dict[str, dict[str, Facts]] = {}
    for row in oracle.active_rows:
        if row["window_days"] == 7 and has_number(oracle, HEADLINE):
            by_customer.setdefault(row["customer"], {})[row["key_scope"]] = row
    rows = []
    for label, both in by_customer.items():
        headline, twin = both["headline"], both["twin"]
        absent = [row["presence"] == "absent" for row in (headline, twin)]
        if any(absent):
            rows.append(
                {
                    "customer": label,
                    "counted_by": "both"
                    if all(absent)
                    else "only_headline"
                    if absent[0]
                    else "only_twin",
                    "headline_presence": headline["presence"],
                    "twin_presence": twin["presence"],
                    "headline_blocked_value_reporting": headline["blocked_value_reporting"],
                    "twin_blocked_value_reporting": twin["blocked_value_reporting"],
                    "headline_unrated_values": headline["unrated_values"],
                    "twin_unrated_values": twin["unrated_values"],
                }
            )
    return rows


def key_sensitivity_rows(oracle: Oracle) -> list[Facts]:
    """The headline for each key type alone and for each combination of them."""
    headline = next(row for row in card_rows(oracle) if row["card_id"] == HEADLINE)
    types = ["email", "external_id", "tax_id"]
    if any(
        lower(row["key_type"]) == "name_address" for row in rows_of(oracle.field_map, "headline")
    ):
        types.append("name_address")
    windows = [
        row
        for row in oracle.presence_rows
        if (row["window_days"], row["key_scope"]) == (7, "headline")
    ]
    rows = []
    for number in range(1, 2 ** len(types)):
        chosen = [name for place, name in enumerate(types) if number >> place & 1]
        absent: list[Facts] = []
        for row in windows:
            entities = master_entities(oracle, row["_orders"][0])
            found = any(
                match.key[0] in chosen and match.holder.legal_entity_id in entities
                for match in oracle.matches["headline", row["customer"]]
            )
            if not found and not all(order.facts["is_covered"] for order in row["_orders"]):
                absent.append(row)
        is_measurable = headline["value"] is not None
        rows.append(
            {
                "key_types": " + ".join(chosen),
                **dict.fromkeys(("absent_customer_count", "blocked_value_reporting"), None),
                "unrated_values": None,
                **(_absences(absent) if is_measurable else {}),
            }
        )
    return rows


def _absences(rows: list[Facts]) -> Facts:
    open_orders = [
        order for row in rows for order in row["_orders"] if not order.facts["is_posted"]
    ]
    return {
        "absent_customer_count": len({row["customer"] for row in rows}),
        "blocked_value_reporting": added(row["open_value_reporting"] for row in rows),
        "unrated_values": unrated_texts(open_orders),
    }


def rejected_order_rows(oracle: Oracle) -> list[Facts]:
    """Unreadable parts of an order: the whole order without a time, else amounts and codes."""
    found: set[tuple[str, str, str, str | None]] = {(*one, None) for one in oracle.extracts.untimed}
    start = oracle.settings.window_start(37)
    for platform, needed in NEEDED.items():
        time_field, id_field = ORDER_TIMES[platform]
        for row in oracle.extracts.rows(platform, "orders"):
            name = (platform, row["_instance"], str(gid(row[id_field])))
            for paths in needed:
                if not any(blank(stated(at(row, *path), path[-1])) for path in paths):
                    found.add((*name, paths[0][0]))
            version = MERGED[platform, "orders"][1]
            if blank(stated(row.get(version), version)) and instant(row[version]) is None:
                found.add((*name, version))
            moment = instant(row[time_field])
            if moment is None or not start <= moment < oracle.settings.as_of_at:
                continue
            for field in AMOUNTS.get(platform, ()):
                if blank(row.get(field)) and amount(row.get(field)) is None:
                    found.add((*name, field))
    rates = read_rates(oracle.extracts, oracle.field_map, oracle.settings, oracle.masters)
    known = oracle.field_map.iso_currencies.union(*((one.source, one.target) for one in rates))
    for order in oracle.all_orders:
        name = (order.platform, order.instance, order.order_id)
        found |= {(*name, remark) for remark in order.remarks}
        if order.total is not None and order.total < 0:
            found.add((*name, "value"))
        if order.currency not in known:
            found.add((*name, "currency"))
        named = [*order.ship_to, order.country_text]
        if any(blank(text) and oracle.field_map.country(text) is None for text in named):
            found.add((*name, "country"))
        if order.facts.get("unused_references"):
            found.add((*name, "reference"))
        for level, field, value, spelled in order.fields:
            country = oracle.field_map.country(spelled or order.country_text)
            if level == "order" and any(
                oracle.keys.is_refused(key_type, value, country)
                for key_type in oracle.keys.key_types(order.platform, field)
            ):
                found.add((*name, field))
    names = ("source_name", "instance", "record_key", "column_name")
    return [dict(zip(names, row, strict=True)) for row in sorted(found, key=str)]


def card_rows(oracle: Oracle) -> list[Facts]:
    """The cards: value, split, reporting value, largest, also in Dataverse, state."""
    counted: dict[str, list[Facts]] = {}
    for card, scope in ((HEADLINE, "headline"), (TWIN, "twin")):
        counted[card] = [
            row
            for row in oracle.active_rows
            if (row["window_days"], row["key_scope"], row["presence"]) == (7, scope, "absent")
        ]
    counted[ACTIVE_CARD] = [
        row
        for row in oracle.active_rows
        if (row["window_days"], row["key_scope"]) == (30, "headline")
        and row["presence"] in ("present", "present_blocked")
    ]
    counted[ORDERS_CARD] = order_card_rows(oracle)
    counted[INVOICES_CARD] = invoice_card_rows(oracle)
    counted[DATAVERSE_CARD] = dataverse_card_rows(oracle)
    counted[FLOWS_CARD] = flow_card_rows(oracle)
    segments = {order.key: order.facts["segment"] for order in oracle.orders}
    rows = []
    for entry in oracle.field_map.registry:
        card = str(entry["card_id"])
        found = counted[card]
        state = card_state(oracle, card)
        values = [
            row.get("blocked_value_reporting", row.get("order_value_reporting")) for row in found
        ]
        split = [row.get("segment_code") or segments.get(row.get("order_key", "")) for row in found]
        alerting = [row for row in found if row.get("is_older_than_24_hours", True)]
        fact: Facts = {"card_id": card, "state": state, **window_of(oracle, entry)}
        if state == "ok":
            fact["value"] = len(found)
            if entry["threshold"] is not None and len(alerting) > int(str(entry["threshold"])):
                fact["state"] = "alert"
            if entry["has_segments"] == "true":
                fact["b2b_value"] = split.count("B2B")
                fact["dtc_value"] = split.count("DTC")
            if entry["has_reporting_value"] == "true":
                known = [value for value in values if value is not None]
                fact["reporting_value"] = added(values)
                fact["largest_customer_value"] = max(known, default=added(values))
            places = card_places(oracle, card, found)
            has_money = entry["has_reporting_value"] == "true"
            fact["unrated_values"] = _unrated_of(places) if has_money else None
            fact["entity_values"] = _entity_values(places, has_money)
            fact["also_in_dataverse_value"] = None
            is_known = oracle.unless_loaded("dataverse", "accounts", "contacts") is False
            if is_known and card in (HEADLINE, TWIN):
                count = sum(bool(row["is_in_dataverse"]) for row in found)
                fact["also_in_dataverse_value"] = count
        else:
            fact["value"] = None
        rows.append(fact)
    return rows


def card_places(oracle: Oracle, card: str, found: list[Facts]) -> list[Facts]:
    """What a card counts, where it is expected: a customer once per expected entity in which it
    is absent (on the card of active customers: present), an order once."""
    days, scope, presences = {
        HEADLINE: (7, "headline", ("absent",)),
        TWIN: (7, "twin", ("absent",)),
        ACTIVE_CARD: (30, "headline", ("present", "present_blocked")),
    }.get(card, (0, "", ()))
    customers = {row.get("customer") for row in found}
    places = [
        {
            "counted": row["customer"],
            "entity": row["expected_legal_entity_id"],
            "value": row["open_value_reporting"],
            "orders": [order for order in row["_orders"] if not order.facts["is_posted"]],
        }
        for row in oracle.presence_rows
        if (row["window_days"], row["key_scope"]) == (days, scope)
        and row["customer"] in customers
        and row["presence"] in presences
    ]
    by_key = {order.key: order for order in oracle.orders}
    for key in (row["order_key"] for row in found if "order_key" in row):
        facts = by_key[key].facts
        places.append(
            {"counted": key, "entity": facts["expected"], "value": facts["reporting"],
             "orders": [by_key[key]]}
        )  # fmt: skip
    return places


def _unrated_of(places: list[Facts]) -> str | None:
    return unrated_texts(order for place in places for order in place["orders"])


def _entity_values(places: list[Facts], has_money: bool) -> str | None:
    """The JSON of a card: one object per expected entity, those without one last."""
    objects = []
    for entity in sorted({place["entity"] for place in places}, key=lambda one: (one is None, one)):
        here = [place for place in places if place["entity"] == entity]
        money = added(place["value"] for place in here) if has_money else None
        unrated = _unrated_of(here) if has_money else None
        objects.append(
            f'{{"legal_entity_id":{json.dumps(entity)},'
            f'"value":{len({place["counted"] for place in here})},'
            f'"reporting_value":{"null" if money is None else f"{money:.2f}"},'
            f'"unrated_values":{json.dumps(unrated)}}}'
        )
    return f"[{', '.join(objects)}]" if objects else None


def window_of(oracle: Oracle, entry: dict[str, str | None]) -> Facts:
    """The window bounds of a card: hours, or dates moved back by its grace."""
    end = oracle.settings.as_of_at
    if entry["window_hours"]:
        start = end - timedelta(hours=int(entry["window_hours"]))
        return {"window_start_at": start, "window_end_at": end}
    days, grace = int(str(entry["window_days"])), int(entry["grace_days"] or 0)
    return {
        "window_start_at": oracle.settings.window_start(days + grace),
        "window_end_at": end - timedelta(days=grace),
    }


def missing_resources(oracle: Oracle, card_id: str) -> list[str]:
    """The needed resources of a card that were never delivered, by legal entity: its Business
    Central company, or its F&O environment if there are several.

    `always` is needed in every installation, `mapped` if the field map has such an ERP.
    """
    always, mapped = READS[card_id]
    loaded = oracle.extracts
    entities = oracle.field_map.legal_entities
    homes = {place for one in entities for place in oracle.environments(one)}
    missing = set()
    for entity in entities:
        source = f"d365_{lower(entity['erp'])}"
        own = oracle.environments(entity) if len(homes) > 1 else ()
        place = lower(entity["erp_code"]) if source == "d365_bc" else lower(max(own, default=""))
        one_id = str(entity["legal_entity_id"])
        has_own = oracle.field_map.master_of(one_id) == one_id
        read = [name.split(".")[1] for name in always if name.startswith(f"{source}.")]
        missing |= {
            f"{source}.{resource}" + (f" of {place}" if place else "")
            for resource in (*mapped.get(source, ()), *read)
            if (has_own or resource != "customers") and not oracle.delivers(entity, resource)
        }
    erps = {f"d365_{lower(entity['erp'])}" for entity in entities}
    for name in always:
        source, resource = name.split(".")
        sources = PLATFORMS if source == "commerce" else (source,)
        if source not in erps and not any(loaded.has(one, resource) for one in sources):
            missing.add(name)
    return sorted(missing)


def card_state(oracle: Oracle, card_id: str) -> str:
    """not_available without a resource, missing_data with an empty master, else ok."""
    if missing_resources(oracle, card_id):
        return "not_available"
    held = {master.legal_entity_id for master in oracle.masters}
    always, mapped = READS[card_id]
    for entity in oracle.field_map.legal_entities:
        source = f"d365_{lower(entity['erp'])}"
        is_read = "customers" in mapped.get(source, ()) or f"{source}.customers" in always
        if is_read and oracle.field_map.master_of(str(entity["legal_entity_id"])) not in held:
            return "missing_data"
        if is_read and is_old(oracle, entity):
            return "missing_data"
    if card_id == FLOWS_CARD and not has_run_history(oracle):
        return "missing_data"
    return "ok"


def is_old(oracle: Oracle, entity: Facts) -> bool:
    """Whether a file with customers of an entity's master is too old; of today only."""
    now = datetime.now(UTC).replace(tzinfo=None)
    if oracle.settings.as_of_date != oracle.settings.local_date(now):
        return False
    master = oracle.field_map.master_of(str(entity["legal_entity_id"]))
    return any(
        now - row["_file_at"] > oracle.settings.max_age
        for erp in ("fo", "bc")
        for row in oracle.extracts.rows(f"d365_{erp}", "customers")
        if oracle.field_map.entity_of(erp, str(row.get("dataAreaId") or row["_instance"])) == master
    )


def has_run_history(oracle: Oracle) -> bool:
    """Whether an environment has a record of runs of the integration, which Dataverse has not
    said to have stopped since the last one, before the window."""
    end = oracle.settings.as_of_at
    for environment in {instance.lower() for instance, _ in oracle.flows}:
        runs = [run for run in oracle.runs if run["flow"][0].lower() == environment]
        moments = [run["started_at"] for run in runs if run["started_at"]]
        last = max((moment for moment in moments if moment < end), default=None)
        stops = [
            moment
            for row in oracle.extracts.rows("power_automate", "flow_events")
            if row["_instance"].lower() == environment
            and lower(row.get("eventcode")) == "ttlsettingequal0"
            and (moment := instant(row.get("createdon")))
            and moment < end
        ]
        has_stopped = bool(last and stops and max(stops) > last)
        if runs and (not has_stopped or (last and last >= end - DAY)):
            return True
    return False


def has_number(oracle: Oracle, card_id: str) -> bool:
    """Whether the loaded data allows the card a number."""
    return card_state(oracle, card_id) == "ok"


def is_tax_id_valid(tax_id: str) -> bool | None:
    """Whether a rule of the number's country accepts it; None when there is no rule."""
    prefix, number = tax_id[:2], tax_id[2:]
    if prefix == "NO":
        return orgnr_of_norway.is_valid(number.removesuffix("MVA"))
    if prefix == "CH":
        return uid_of_switzerland.is_valid("CHE" + re.sub("^E|(MWST|TVA|IVA)$", "", number))
    country = {"XI": "gb"}.get(prefix, prefix.lower())
    verdicts = []
    for kind in ("vat", "tin", "businessid"):
        module = stdnum.get_cc_module(country, kind)
        for written in (number, tax_id) if module else ():
            try:
                module.validate(written)
                verdicts.append(True)
            except ValidationError:
                verdicts.append(False)
    return any(verdicts) if verdicts else None
