"""The whole oracle: from a folder of extracts and a field map to the rows of every card."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from oracle_customers import (
    Customer,
    cover_orders,
    destination_entities,
    find_customers,
    find_matches,
    is_number,
    listed,
    map_orders,
    presence,
    rows_of,
)
from oracle_documents import find_documents, hold_orders
from oracle_keys import (
    Holder,
    Keys,
    accounts,
    find_d365_customers,
    find_subjects,
    gather_holder_keys,
)
from oracle_orders import Order, classify, read_orders
from oracle_reading import (
    Extracts,
    FieldMap,
    Row,
    Settings,
    blank,
    enum,
    guid,
    instant,
    lower,
    quantized,
    truth,
)
from oracle_values import value_orders

HEADLINE = "ecom_customers_absent_from_d365_customer_master"
TWIN = "ecom_customers_absent_from_d365"
ORDERS_CARD = "commerce_orders_without_business_central_sales_order"
INVOICES_CARD = "ecom_orders_missing_d365_free_text_invoice"
DATAVERSE_CARD = "customers_in_dataverse_not_promoted_to_d365"
FLOWS_CARD = "power_automate_flow_failures"
ACTIVE_CARD = "active_customers"
PRESENCE_ORDER = ("absent", "present", "present_blocked", "covered_by_default_customer")
OTHER_CATEGORIES = {"0", "workflow", "2", "businessrule", "6", "desktopflow"}
FLOW_STATES = {
    "0": "off", "draft": "off", "1": "on", "activated": "on", "2": "suspended", "suspended": "suspended",
}  # fmt: skip
FAILURES = {"failed", "timedout", "faulted", "aborted"}
DAY = timedelta(hours=24)
ZERO = Decimal(0)
Facts = dict[str, Any]


class Oracle:
    """The expected result of one world; `rows` has one list of dicts per compared relation."""

    def __init__(self, extracts: Path, field_map: Path, seeds: Path, given: Facts) -> None:
        self.extracts = Extracts(extracts)
        self.field_map = FieldMap(field_map, seeds)
        self.settings = Settings(given)
        self.keys = Keys(self.field_map, self.settings)
        self.keys.accounts = accounts(self.extracts)
        self.all_orders = read_orders(self.extracts, self.settings)
        self.orders = classify(self.all_orders, self.field_map, self.settings)
        subjects = find_subjects(self.orders, self.field_map, self.keys)
        self.customers, self.shared = find_customers(subjects, self.field_map, self.settings)
        self.masters = find_d365_customers(self.extracts, self.field_map, self.keys)
        self.dataverse = find_dataverse_rows(self.extracts, self.field_map, self.keys)
        map_orders(self.orders, self.customers, self.field_map, self.keys)
        value_orders(self.orders, self.extracts, self.field_map, self.settings, self.masters)
        cover_orders(self.orders, self.masters, self.field_map)
        self.documents = find_documents(self.extracts, self.field_map)
        self.flows, self.runs = find_flows(self.extracts, self.field_map)
        self.matches = {
            (scope, customer.label): find_matches(customer, self.masters, self.field_map, scope)
            for scope in ("headline", "twin")
            for customer in self.customers
        }
        self.in_dataverse = {
            customer.label: find_matches(customer, self.dataverse, self.field_map, "headline")
            for customer in self.customers
        }
        hold_orders(self.orders, self.documents, self.matches, self.field_map, self.settings)
        self.promote()
        self.presence_rows = self.find_presence()
        self.active_rows = self.find_active_customers()

    def window(self, days: int, moved: timedelta = timedelta(0)) -> Callable[[Order], bool]:
        """Whether an order is in a window of days, moved back by a grace."""
        start = self.settings.window_start(days + moved.days)
        end = self.settings.as_of_at - moved
        return lambda order: order.ordered_at is not None and start <= order.ordered_at < end

    def active_orders(self, days: int, moved: timedelta = timedelta(0)) -> list[Order]:
        """The active orders of a window."""
        inside = self.window(days, moved)
        return [order for order in self.orders if order.facts["is_active"] and inside(order)]

    def promote(self) -> None:
        """Which Dataverse rows have a D365 customer."""
        shared = {
            (lower(row["erp_code"]), self.field_map.master_of(str(row["legal_entity_id"])))
            for row in self.field_map.legal_entities
        }
        for row in self.dataverse:
            found = []
            for master in self.masters:
                has_number = lower(row.customer_id) and lower(row.customer_id) == lower(
                    master.customer_id
                )
                is_company = row.erp_code and (
                    row.erp_code == master.erp_code
                    or (row.erp_code, master.legal_entity_id) in shared
                )
                ways = (
                    has_number and is_company,
                    row.party_number and lower(row.party_number) == lower(master.party_number),
                    self.typed_keys(row, not row.erp_code)
                    & self.typed_keys(master, not row.erp_code),
                )
                found += [(place, master.key, master) for place, way in enumerate(ways) if way]
            row.facts["is_promoted"] = bool(found)
            row.facts["promoted_to"] = min(found, key=lambda one: one[:2])[2] if found else None

    def typed_keys(self, holder: Holder, with_numbers: bool) -> set[tuple[str, str]]:
        """The headline keys of a D365 customer or Dataverse row; numbers are of their company."""
        return {
            (lower(row["key_type"]), value)
            for row in rows_of(self.field_map, "headline")
            if lower(row["key_type"]) != "name_address" and (with_numbers or not is_number(row))
            for value in holder.keys.get(str(row["match_key_id"]), set())
        }

    def find_presence(self) -> list[Facts]:
        """One row per window length, scope, customer and destination."""
        rows = []
        for days in (7, 30):
            groups: dict[tuple[str, str], list[Order]] = {}
            for order in self.active_orders(days):
                if order.facts["customer"]:
                    name = (order.facts["customer"].label, order.facts["destination"])
                    groups.setdefault(name, []).append(order)
            for (label, destination), orders in groups.items():
                for scope in ("headline", "twin"):
                    rows.append(self._presence_row(days, scope, label, destination, orders))
        return rows

    def _presence_row(
        self, days: int, scope: str, label: str, destination: str, orders: list[Order]
    ) -> Facts:
        one = orders[0].facts
        entities = destination_entities(orders[0], self.field_map)
        is_covered = all(order.facts["is_covered"] for order in orders)
        blocked = [order for order in orders if not order.facts["is_posted"]]
        posted = [order for order in orders if order.facts["is_posted"]]
        return {
            "window_days": days,
            "key_scope": scope,
            "customer": label,
            "destination_key": destination,
            "mapping_status": one["status"],
            "expected_legal_entity_id": one["expected"],
            "candidate_legal_entity_ids": listed(one["candidates"]),
            "mapped_by": listed(order.facts["mapped_by"] for order in orders),
            **presence(
                self.matches[scope, label],
                entities,
                is_covered,
                self.field_map,
                self.customer(label).company_keys(self.field_map) if scope == "headline" else None,
            ),
            "order_count": len(orders),
            "open_order_count": len(blocked),
            "first_order_at": min(order.ordered_at for order in orders if order.ordered_at),
            "last_order_at": max(order.ordered_at for order in orders if order.ordered_at),
            "is_awaiting_sync": all(order.facts["is_awaiting_sync"] for order in orders),
            "is_rate_missing": any(order.facts["is_rate_missing"] for order in blocked),
            "open_value_reporting": total(blocked),
            "unrated_values": unrated_texts(blocked),
            "posted_value_reporting": total(posted)
            if posted or self.has_documents(entities)
            else None,
            "_orders": orders,
        }

    def find_active_customers(self) -> list[Facts]:
        """One row per window length, scope and customer with an active order."""
        groups: dict[tuple[int, str, str], list[Facts]] = {}
        for row in self.presence_rows:
            name = (row["window_days"], row["key_scope"], row["customer"])
            groups.setdefault(name, []).append(row)
        rows = []
        for (days, scope, label), destinations in groups.items():
            orders = [order for row in destinations for order in row["_orders"]]
            absent = [row for row in destinations if row["presence"] == "absent"]
            rows.append(
                {
                    "window_days": days,
                    "key_scope": scope,
                    "customer": label,
                    "segment_code": min(order.facts["segment"] for order in orders),
                    "platforms": listed(order.platform for order in orders),
                    "presence": min(
                        (row["presence"] for row in destinations),
                        key=PRESENCE_ORDER.index,
                    ),
                    "order_count": len(orders),
                    "blocked_value_reporting": added(row["open_value_reporting"] for row in absent),
                    "unrated_values": unrated_texts(
                        order
                        for row in absent
                        for order in row["_orders"]
                        if not order.facts["is_posted"]
                    ),
                    "absent_legal_entity_ids": listed(
                        row["expected_legal_entity_id"] for row in absent
                    ),
                    "is_rate_missing": any(row["is_rate_missing"] for row in absent),
                    "is_in_dataverse": bool(self.in_dataverse[label])
                    or self.unless_loaded("dataverse", "accounts", "contacts"),
                }
            )
        return rows

    def unless_loaded(self, source: str, *resources: str) -> bool | None:
        """False where the resources are loaded, None (not known) where one is not."""
        return False if all(self.extracts.has(source, name) for name in resources) else None

    def has_documents(self, entities: list[str]) -> bool:
        """Whether a document of these legal entities is loaded."""
        return any(
            self.delivers(entity, resource)
            for entity in self.field_map.legal_entities
            if entity["legal_entity_id"] in entities
            for resource in ("sales_orders", "free_text_invoices", "sales_invoices")
        )

    def delivers(self, entity: dict[str, str | None], resource: str) -> bool:
        """Whether some instance that serves an entity delivered a resource.

        A company of Business Central is an instance. An entity of F&O is where its customers are;
        an environment without customers of any entity serves all, and all serve an entity whose
        customers are nowhere.
        """
        if lower(entity["erp"]) == "bc":
            return self.extracts.has("d365_bc", resource, lower(entity["erp_code"]))
        own = self.environments(entity)
        others = {
            place for one in self.field_map.legal_entities for place in self.environments(one)
        }
        return any(
            (source, name) == ("d365_fo", resource)
            and (not own or instance in own or instance not in others)
            for source, instance, name in self.extracts.loaded
        )

    def environments(self, entity: dict[str, str | None]) -> set[str]:
        """The F&O environments with customers of an entity."""
        master = self.field_map.master_of(str(entity["legal_entity_id"]))
        codes = {
            lower(one["erp_code"])
            for one in self.field_map.legal_entities
            if one["legal_entity_id"] == master and lower(one["erp"]) == "fo"
        }
        rows = self.extracts.rows("d365_fo", "customers")
        return {row["_instance"] for row in rows if lower(row["dataAreaId"]) in codes}

    def customer(self, label: str) -> Customer:
        """The customer of a label."""
        return next(customer for customer in self.customers if customer.label == label)


def added(values: Iterable[Decimal | None]) -> Decimal | None:
    """The known ones added up: 0 of nothing, None when none is known."""
    given = list(values)
    known = [value for value in given if value is not None]
    return sum(known, ZERO) if known or not given else None


def total(orders: list[Order]) -> Decimal | None:
    """The reporting values added up."""
    return added(order.facts["reporting"] for order in orders)


def sums_by_currency(orders: Iterable[Order]) -> dict[str, Decimal]:
    """The order values, each in cents, added up per order currency."""
    sums: dict[str, Decimal] = {}
    for order in orders:
        if order.currency and order.facts["value"] is not None:
            value = quantized(order.facts["value"], 2)
            sums[order.currency] = sums.get(order.currency, ZERO) + value
    return sums


def currency_texts(orders: Iterable[Order]) -> str | None:
    """The values per currency: `CAD 120.00, USD 30.00`."""
    sums = sums_by_currency(orders)
    texts = {code: re.sub(r"[,\x00-\x20\x7f]", "_", code) for code in sums}
    return ", ".join(sorted(f"{texts[code]} {sums[code]}" for code in sums)) or None


def unrated_texts(orders: Iterable[Order]) -> str | None:
    """The values per currency of the orders without a rate."""
    return currency_texts(order for order in orders if order.facts["is_rate_missing"])


def find_dataverse_rows(extracts: Extracts, field_map: FieldMap, keys: Keys) -> list[Holder]:
    """Every account and contact of Dataverse with its key values."""
    codes = {
        (row["_instance"], guid(row["cdm_companyid"])): lower(row.get("cdm_companycode"))
        for row in extracts.rows("dataverse", "cdm_companies")
    }
    holders = []
    for table, id_field, name, number in (
        ("accounts", "accountid", "name", "accountnumber"),
        ("contacts", "contactid", "fullname", "msdyn_contactpersonid"),
    ):
        for row in extracts.rows("dataverse", table):
            company_id = guid(row.get("_msdyn_company_value"))
            holder = Holder(
                key=f"{row['_instance']}:{table[:-1]}:{guid(row[id_field])}",
                system="dataverse",
                instance=row["_instance"],
                erp_code=codes.get((row["_instance"], company_id), ""),
                legal_entity_id=None,
                customer_id=blank(row.get(number)),
                party_number=blank(row.get("msdyn_partynumber")) if table == "accounts" else None,
                name=blank(row.get(name)),
                is_blocked=False,
                country=field_map.master_country(
                    row.get("address1_country"), "fo", codes.get((row["_instance"], company_id), "")
                ),
                postal_code=blank(row.get("address1_postalcode")),
                record=row["_record"],
            )
            if table == "accounts":
                is_type, wrong_type = (
                    enum(row.get("customertypecode")) in ("3", "customer"),
                    "not_customer_type",
                )
            else:
                is_type, wrong_type = truth(row.get("msdyn_sellable")), "not_sellable"
            known = any(lower(e["erp_code"]) == holder.erp_code for e in field_map.legal_entities)
            holder.facts = {
                "id": guid(row[id_field]),
                "created_at": instant(row.get("createdon")),
                "is_active": enum(row.get("statecode")) not in ("1", "inactive"),
                "reason": (
                    wrong_type
                    if not is_type
                    else "no_company"
                    if not company_id
                    else "wrong_company"
                    if not known
                    else "no_account_number"
                    if not holder.customer_id
                    else "account_number_not_in_master"
                ),
            }
            gather_holder_keys(holder, field_map, keys)
            holders.append(holder)
    return holders


def find_flows(extracts: Extracts, field_map: FieldMap) -> tuple[dict[Any, Row], list[Row]]:
    """The flows of the integration by (instance, id), and their runs."""
    flows: dict[Any, Row] = {}
    for row in extracts.rows("power_automate", "workflows"):
        fitting = [
            pattern
            for pattern in field_map.integration_flows
            if _like(str(pattern["name_pattern"]), blank(row.get("name")) or "")
        ]
        if enum(row.get("category")) not in OTHER_CATEGORIES and fitting:
            best = min(fitting, key=lambda p: (-len(str(p["name_pattern"])), str(p["purpose"])))
            flows[row["_instance"], guid(row["workflowid"])] = {
                "state": FLOW_STATES.get(enum(row.get("statecode"))),
                "purpose": lower(best["purpose"]),
            }
    runs = []
    for row in extracts.rows("power_automate", "flow_runs"):
        flow = (
            row["_instance"],
            guid(row.get("_workflow_value")) or guid(row.get("workflowid")),
        )
        if flow in flows:
            runs.append(
                {
                    "key": f"{row['_instance']}:{guid(row['flowrunid'])}",
                    "flow": flow,
                    "name": row.get("name"),
                    "purpose": flows[flow]["purpose"],
                    "is_failed": enum(row.get("status")) in FAILURES,
                    "is_primary": truth(row.get("isprimary")) is not False
                    and not guid(row.get("parentrunid")),
                    "started_at": instant(row.get("starttime")),
                }
            )
    return flows, runs


def _like(pattern: str, name: str) -> bool:
    expression = "".join(
        ".*" if c == "%" else "." if c == "_" else re.escape(c) for c in pattern.lower()
    )
    return re.fullmatch(expression, name.lower(), re.DOTALL) is not None
