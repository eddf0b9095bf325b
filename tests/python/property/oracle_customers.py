"""Commerce customers: which subjects are one, where they are expected, whether they are in D365."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from oracle_keys import Holder, Key, Keys, Subject, active_rows
from oracle_orders import Order
from oracle_reading import FieldMap, Settings, day, lower

UNMAPPED = "(unmapped)"
# D365 fields with the number of a customer, which names a party only within its legal entity
NUMBERS = {"customeraccount", "invoiceaccount", "number", "accountnumber", "msdyn_contactpersonid"}


@dataclass
class Customer:
    """A commerce customer; `label` is its smallest order key, independent of ids."""

    label: str
    subjects: list[Subject]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def orders(self) -> list[Order]:
        return [order for subject in self.subjects for order in subject.orders]

    def company_keys(self, field_map: FieldMap) -> set[Key] | None:
        """What its companies have of their own by the headline's rows; None without a company."""
        companies = [subject for subject in self.subjects if subject.kind == "company"]
        if not companies:
            return None
        return {
            (lower(row["key_type"]), value)
            for row in rows_of(field_map, "headline")
            for company in companies
            for value, is_own in company.keys.get(str(row["match_key_id"]), {}).items()
            if is_own or row["source_field"] == "subject.id"
        }

    def key_values(self, row_ids: Iterable[str]) -> set[str]:
        """Its key values for some rows of the field map."""
        wanted = list(row_ids)
        return {
            value
            for subject in self.subjects
            for row_id in wanted
            for value in subject.keys.get(row_id, {})
        }


def rows_of(field_map: FieldMap, scope: str) -> list[dict[str, str | None]]:
    """The active match keys of the headline or the twin."""
    return [row for row in active_rows(field_map) if lower(row["scope"]) == scope]


def connected(groups: list[set[str]]) -> list[set[str]]:
    """Merge sets that share an element."""
    merged: list[set[str]] = []
    for group in groups:
        joined = set(group)
        apart = []
        for other in merged:
            if other & joined:
                joined |= other
            else:
                apart.append(other)
        merged = [*apart, joined]
    return merged


def find_customers(
    subjects: dict[str, Subject], field_map: FieldMap, settings: Settings
) -> tuple[list[Customer], dict[Key, int]]:
    """Subjects connected by shared keys; and the keys shared by too many, with their count."""
    # every field that says the value: is it the number of a D365 customer
    said: dict[tuple[str, Key], set[bool]] = {}
    for row in rows_of(field_map, "headline"):
        key_type = lower(row["key_type"])
        if key_type == "name_address":
            continue
        for subject in subjects.values():
            for value, is_own in subject.keys.get(str(row["match_key_id"]), {}).items():
                if is_own or key_type == "email":
                    fields = [
                        one
                        for one in rows_of(field_map, "headline")
                        if one["source_field"] == row["source_field"]
                        and lower(one["key_type"]) == key_type
                        and one["platform"] == row["platform"]
                    ]
                    name = (subject.key, (key_type, value))
                    said.setdefault(name, set()).add(any(map(is_number, fields)))
    sharing: dict[tuple[str, str, str], set[str]] = {}
    for (subject_key, (key_type, value)), kinds in said.items():
        places = {""} if False in kinds else expected_places(subjects[subject_key], field_map)
        for place in places:
            sharing.setdefault((key_type, value, place), set()).add(subject_key)
    too_many: dict[Key, int] = {}
    for (key_type, value, _), held in sharing.items():
        if len(held) > settings.max_subjects:
            too_many[key_type, value] = max(len(held), too_many.get((key_type, value), 0))
    merging = {name: held for name, held in sharing.items() if len(held) <= settings.max_subjects}
    alone = [{key} for key in subjects]
    strong = connected(alone + [held for name, held in merging.items() if name[0] != "email"])
    customers = [
        Customer(
            label=min(order.key for key in group for order in subjects[key].orders),
            subjects=[subjects[key] for key in sorted(group)],
        )
        for group in _joined_by_email(strong, merging, subjects)
    ]
    return sorted(customers, key=lambda customer: customer.label), too_many


def is_number(row: dict[str, str | None]) -> bool:
    """Whether a match key is the number of a D365 customer."""
    return lower(row["key_type"]) == "external_id" and lower(row["d365_field"]) in NUMBERS


def expected_places(subject: Subject, field_map: FieldMap) -> set[str]:
    """Where the orders of one subject are expected, by their customer masters."""
    alone = Customer(subject.key, [subject])
    return {
        ", ".join(
            sorted({field_map.master_of(name) for name in _candidates(order, alone, field_map)[1]})
        )
        or UNMAPPED
        for order in subject.orders
    }


def _joined_by_email(
    strong: list[set[str]],
    merging: dict[tuple[str, str, str], set[str]],
    subjects: dict[str, Subject],
) -> list[set[str]]:
    """E-mail connects people; a group of people joins a company if it shares one with exactly one."""
    emails = [held for name, held in merging.items() if name[0] == "email"]
    companies = [g for g in strong if any(subjects[key].kind == "company" for key in g)]
    people = [g for g in strong if g not in companies]
    of_people = set().union(*people) if people else set()
    circles = connected(people + [held & of_people for held in emails if held & of_people])
    for circle in circles:
        touching = [
            company
            for company in companies
            if any(held & circle and held & company for held in emails)
        ]
        if len(touching) == 1:
            touching[0].update(circle)
            circle.clear()
    # groups join the original company: companies grow by people, never by each other
    return [group for group in (*companies, *circles) if group]


def map_orders(
    orders: list[Order], customers: list[Customer], field_map: FieldMap, keys: Keys
) -> None:
    """Give every order its customer, its expected legal entity and its destination."""
    customer_of = {order.key: customer for customer in customers for order in customer.orders}
    for order in orders:
        customer = customer_of.get(order.key)
        order.facts["customer"] = customer
        level, candidates = _candidates(order, customer, field_map)
        order.facts["mapped_by"] = level
        order.facts["candidates"] = candidates
        order.facts["destination"] = ", ".join(candidates) or UNMAPPED
        order.facts["status"] = ("unmapped", "resolved", "ambiguous")[min(len(candidates), 2)]
        order.facts["expected"] = candidates[0] if len(candidates) == 1 else None


def _candidates(
    order: Order, customer: Customer | None, field_map: FieldMap
) -> tuple[str | None, list[str]]:
    """The first level that names legal entities for an order, and these."""
    levels = (
        ("override", _overrides(order, customer, field_map)),
        ("platform_tag", _platform_tags(order, field_map)),
        ("ship_to_country", _ship_to_countries(order, field_map)),
        ("store_default", {order.facts["store"].get("default_legal_entity_id")}),
    )
    found = [(level, sorted(x for x in named if x)) for level, named in levels]
    return next(((level, names) for level, names in found if names), (None, []))


def _overrides(order: Order, customer: Customer | None, field_map: FieldMap) -> set[str | None]:
    if customer is None or order.facts["date"] is None:
        return set()
    found = set()
    for row in field_map.customer_overrides:
        key_type, listed = lower(row["key_type"]), lower(row["key_value"])
        if key_type == "subject":
            values = {subject.key for subject in customer.subjects}
        else:
            row_ids = [
                str(match["match_key_id"])
                for match in rows_of(field_map, "headline")
                if lower(match["key_type"]) == key_type
            ]
            values = customer.key_values(row_ids)
        since, until = day(row["valid_from"]), day(row["valid_to"])
        if listed not in {value.lower() for value in values}:
            continue
        if (since is None or since <= order.date) and (until is None or order.date <= until):
            found.add(row["legal_entity_id"])
    return found


def _platform_tags(order: Order, field_map: FieldMap) -> set[str | None]:
    tags = {(tag_type, value.strip().lower()) for tag_type, value in order.tags}
    return {
        row["legal_entity_id"]
        for row in field_map.platform_tags
        if row["platform"] in ("*", order.platform)
        and (row["instance"] == "*" or lower(row["instance"]) == order.instance.lower())
        and (lower(row["tag_type"]), lower(row["tag_value"])) in tags
    }


def order_countries(order: Order, field_map: FieldMap) -> set[str]:
    """The ISO-2 countries an order goes to."""
    return {code for code in map(field_map.country, order.ship_to) if code}


def _ship_to_countries(order: Order, field_map: FieldMap) -> set[str | None]:
    countries = order_countries(order, field_map)
    return {
        row["legal_entity_id"]
        for row in field_map.ship_to_countries
        if str(row["country_code"]).upper() in countries
        and row["platform"] in ("*", order.platform)
    }


def destination_entities(order: Order, field_map: FieldMap) -> list[str]:
    """The legal entities that count for an order: all of the map for an unmapped one."""
    if order.facts["candidates"]:
        return order.facts["candidates"]
    return [str(row["legal_entity_id"]) for row in field_map.legal_entities]


def cover_orders(orders: list[Order], masters: list[Holder], field_map: FieldMap) -> None:
    """Flag the orders covered by a default customer that exists in the master."""
    held = {(holder.legal_entity_id, lower(holder.customer_id)) for holder in masters}
    for order in orders:
        channels = {value.strip().lower() for kind, value in order.tags if kind == "channel"}
        scopes = {("channel", channel) for channel in channels} | {("all", "")}
        scopes |= {("country", code.lower()) for code in order_countries(order, field_map)}
        scopes |= {
            ("store", order.instance.lower()),
            ("store", f"{order.platform}:{order.instance}".lower()),
        }
        entities = destination_entities(order, field_map)
        order.facts["is_covered"] = any(
            row["legal_entity_id"] in entities
            and any(
                (entity, lower(row["d365_customer_id"])) in held
                for entity in field_map.with_masters([str(row["legal_entity_id"])])
            )
            and (
                (lower(row["covers"]), lower(row["covers_value"])) in scopes
                or lower(row["covers"]) == "all"
            )
            for row in field_map.default_customers
        )


@dataclass
class Match:
    """A D365 customer matched by one key of one commerce customer."""

    holder: Holder
    key: Key
    row_id: str
    precedence: int

    @property
    def is_person(self) -> bool:
        """Whether the record is of a person."""
        record = self.holder.record
        return lower(record.get("PartyType") or record.get("type")) == "person"


def find_matches(
    customer: Customer, holders: list[Holder], field_map: FieldMap, scope: str
) -> list[Match]:
    """Every D365 customer or Dataverse row that shares a key of the scope, in any company.

    The number of a D365 customer only where orders of the customer are expected.
    """
    matches = []
    expected = field_map.with_masters(
        {name for order in customer.orders for name in destination_entities(order, field_map)}
    )
    for row in rows_of(field_map, scope):
        row_id = str(row["match_key_id"])
        mine = customer.key_values([row_id])
        for holder in holders:
            if is_number(row) and not _is_expected(holder, expected, field_map):
                continue
            for value in mine & holder.keys.get(row_id, set()):
                key = (lower(row["key_type"]), value)
                matches.append(Match(holder, key, row_id, int(str(row["precedence"]))))
    return matches


def _is_expected(holder: Holder, expected: set[str], field_map: FieldMap) -> bool:
    """Whether a D365 customer is of one of these legal entities, or a Dataverse row may be."""
    if holder.system != "dataverse":
        return holder.legal_entity_id in expected
    return not holder.erp_code or any(
        entity["legal_entity_id"] in expected
        for entity in field_map.legal_entities
        if lower(entity["erp_code"]) == holder.erp_code
    )


def presence(
    matches: list[Match],
    entities: list[str],
    is_covered: bool,
    field_map: FieldMap,
    company_keys: set[Key] | None,
) -> dict[str, Any]:
    """The presence of a customer at a destination, and its flags.

    `company_keys`: the keys of its own that a company has; None for a customer without a company,
    and for the twin.
    """
    masters: dict[str, set[str]] = {}
    for entity in entities:
        masters.setdefault(field_map.master_of(entity), set()).update(
            field_map.with_masters([entity])
        )
    wanted = field_map.with_masters(entities)
    here = [match for match in matches if match.holder.legal_entity_id in wanted]
    if here:
        best = min(here, key=lambda match: (match.precedence, match.row_id, match.holder.key))
        blocked = all(match.holder.is_blocked for match in here)
        return {
            "presence": "present_blocked" if blocked else "present",
            "matched_key_type": best.key[0],
            "is_through_person": company_keys is not None
            and not any(match.key in company_keys and not match.is_person for match in here),
            "d365_customer_ids": listed(match.holder.customer_id for match in here),
            **_conflicts(here, list(masters.values())),
        }
    return {
        "presence": "covered_by_default_customer" if is_covered else "absent",
        "matched_key_type": None,
        "d365_customer_ids": None,
        "has_d365_duplicates": False,
        "has_key_conflict": False,
        "is_through_person": False,
    }


def _conflicts(matches: list[Match], masters: list[set[str]]) -> dict[str, bool]:
    """Within one customer master: a key of several customers; no customer with all keys."""
    has_duplicates = has_conflict = False
    for entities in masters:
        here = [match for match in matches if match.holder.legal_entity_id in entities]
        if not here:
            continue
        holders_of: dict[Key, set[str]] = {}
        keys_of: dict[str, set[Key]] = {}
        for match in here:
            holders_of.setdefault(match.key, set()).add(match.holder.account)
            keys_of.setdefault(match.holder.account, set()).add(match.key)
        has_duplicates |= any(len(held) > 1 for held in holders_of.values())
        has_conflict |= all(len(held) < len(holders_of) for held in keys_of.values())
    return {"has_d365_duplicates": has_duplicates, "has_key_conflict": has_conflict}


def listed(values: Iterable[object]) -> str | None:
    """Distinct texts, sorted, joined; None when there are none."""
    return ", ".join(sorted({str(value) for value in values if value is not None})) or None
