"""A company over time: what its systems deliver on each day.

`Company` starts from a sample and delivers every row on its own day. A plan adds events: late
orders, cancellations, sign-ups, a second shop, new and deleted customers in D365. `state` is what raw
should contain after a day, for the recount; `deliver` writes the files of one day: changed rows of
orders, accounts and runs, whole tables otherwise.
"""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import world_shapes as shapes
from oracle import Oracle
from oracle_keys import Holder
from oracle_orders import Order
from oracle_reading import gid, instant, text
from pieces import ZONE
from world_parties import Files
from world_shapes import Row

Place = tuple[str, str, str]
# resources delivered as changed rows only: the key, the time of change
INCREMENTS: dict[tuple[str, str], str] = {
    ("shopify", "orders"): "id",
    ("shopify", "customers"): "id",
    ("bigcommerce", "orders"): "id",
    ("bigcommerce", "customers"): "id",
    ("adobe_commerce", "orders"): "entity_id",
    ("adobe_commerce", "customers"): "id",
    ("power_automate", "flow_runs"): "flowrunid",
}
# the creation time of a row; other resources exist from the first day
BORN = {
    "orders": ("createdAt", "date_created", "created_at"),
    "b2b_orders": ("createdAt",),
    "draft_orders": ("createdAt",),
    "quotes": ("createdAt",),
    "negotiable_quotes": ("created_at",),
    "sales_orders": ("OrderCreationDateTime", "orderDate"),
    "free_text_invoices": ("InvoiceDate",),
    "sales_invoices": ("postingDate",),
    "flow_runs": ("starttime",),
    "accounts": ("createdon",),
    "contacts": ("createdon",),
}
MASTERS = (("d365_fo", "customers"), ("d365_bc", "customers"))


def end_of(day: date) -> datetime:
    """The UTC instant (naive) at which a day of the reporting time zone ends."""
    local = datetime.combine(day + timedelta(days=1), time(), ZONE)
    return local.astimezone(UTC).replace(tzinfo=None)


def write_files(files: Files, folder: Path) -> None:
    """Extract files that replace those of the day before."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for place, rows in files.items():
        path = folder.joinpath(*place).with_suffix(".jsonl")
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        path.write_text("".join(lines), encoding="utf-8")


@dataclass
class Company:
    """The rows of a sample that exist so far, and those still to come."""

    state: Files = field(default_factory=dict)
    coming: list[tuple[datetime, Place, Row]] = field(default_factory=list)
    changed: Files = field(default_factory=dict)
    made: int = 0

    @classmethod
    def of(cls, sample: Path, first: date) -> Company:
        """A company on the evening before its first day."""
        company = cls()
        late = 0
        for file in sorted(sample.glob("*/*/*.jsonl")):
            place = (file.parts[-3], file.parts[-2], file.name.split(".")[0])
            company.state[place] = []
            if (place[0], place[2]) in INCREMENTS:
                # the first delivery has a file of it, even if empty
                company.changed[place] = []
            for line in file.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                names = BORN.get(place[2], ())
                born = next((instant(row[name]) for name in names if row.get(name)), None)
                if born is None:
                    company.add(place, row)
                    continue
                if place[2] == "orders":
                    late += 1
                    # every seventh order is delivered one to three days late
                    born += timedelta(days=late % 3 + 1) if late % 7 == 0 else timedelta(0)
                company.coming.append((born, place, row))
        company.arrive(first - timedelta(days=1))
        return company

    def add(self, place: Place, row: Row) -> None:
        """A new row, or a newer version of an existing one."""
        key = INCREMENTS.get((place[0], place[2]))
        rows = self.state.setdefault(place, [])
        if key:
            rows[:] = [one for one in rows if one[key] != row[key]]
            news = self.changed.setdefault(place, [])
            news[:] = [one for one in news if one[key] != row[key]]
            news.append(row)
        rows.append(row)

    def arrive(self, day: date) -> None:
        """The rows that exist at the end of a day."""
        for born, place, row in self.coming:
            if born < end_of(day):
                self.add(place, row)
        self.coming = [one for one in self.coming if one[0] >= end_of(day)]

    def delivery(self) -> Files:
        """The files of a day: changes of incremental resources, all rows of others."""
        files = {
            place: rows for place, rows in self.state.items()
            if (place[0], place[2]) not in INCREMENTS
        }  # fmt: skip
        return files | self.changed

    def new_id(self) -> int:
        """An id that no sample uses."""
        self.made += 1
        return 880000 + self.made


Event = Callable[[Company, Oracle, date], str | None]


def noon(day: date) -> datetime:
    """An instant of the day in UTC, naive."""
    local = datetime.combine(day, time(12), ZONE)
    return local.astimezone(UTC).replace(tzinfo=None)


def raw_order(company: Company, order: Order) -> tuple[Place, Row]:
    """The object behind an order."""
    place = (order.platform, order.instance, "orders")
    key = INCREMENTS[order.platform, "orders"]
    row = next(row for row in company.state[place] if str(gid(row[key])) == order.order_id)
    return place, copy.deepcopy(row)


def absent_rows(oracle: Oracle) -> list[dict[str, Any]]:
    """The absent customers of the headline, by label."""
    rows = [
        row for row in oracle.presence_rows
        if (row["window_days"], row["key_scope"], row["presence"]) == (7, "headline", "absent")
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row["customer"], row["destination_key"]))


def cancel_all_orders(company: Company, oracle: Oracle, day: date) -> str | None:
    """An absent customer with one order, placed before this day, cancels it."""
    for row in absent_rows(oracle):
        orders = oracle.customer(row["customer"]).orders
        if len(orders) != 1 or orders[0].ordered_at >= end_of(day - timedelta(days=1)):
            continue
        place, raw = raw_order(company, orders[0])
        raw |= {
            "shopify": {"cancelledAt": shapes.iso(noon(day)), "updatedAt": shapes.iso(noon(day))},
            "bigcommerce": {"status_id": 5, "date_modified": shapes.rfc(noon(day))},
            "adobe_commerce": {"state": "canceled", "updated_at": shapes.sql_time(noon(day))},
        }[place[0]]
        company.add(place, raw)
        return f"cancelled {orders[0].key}"
    return None


def sign_up(company: Company, oracle: Oracle, day: date) -> str | None:
    """An absent guest orders again with a new account for the same address."""
    for row in absent_rows(oracle):
        customer = oracle.customer(row["customer"])
        if [subject.kind for subject in customer.subjects] != ["guest"]:
            continue
        order = max(customer.orders, key=lambda one: (one.ordered_at, one.key))
        if order_again(company, order, day, company.new_id()):
            return f"signed up {customer.label}"
    return None


def order_as_guest(company: Company, oracle: Oracle, day: date) -> str | None:
    """An absent guest orders once more, still as a guest."""
    for row in reversed(absent_rows(oracle)):
        customer = oracle.customer(row["customer"])
        is_guest = [subject.kind for subject in customer.subjects] == ["guest"]
        if is_guest and order_again(company, customer.orders[0], day, None):
            return f"ordered again {customer.label}"
    return None


def order_elsewhere(company: Company, oracle: Oracle, day: date) -> str | None:
    """An absent guest also orders in a BigCommerce store, with the same address and destination."""
    instance = next(place[1] for place in company.state if place[0] == "bigcommerce")
    for row in absent_rows(oracle):
        customer = oracle.customer(row["customer"])
        order = customer.orders[0]
        email = oracle.keys.guest_email(order.email)
        country = order.facts["country"]
        is_guest = {(one.kind, one.platform == "bigcommerce") for one in customer.subjects} == {
            ("guest", False)
        }
        if not is_guest or not country or row["mapping_status"] != "resolved":
            continue
        placed = shapes.bigcommerce_order(
            company.new_id(), noon(day), status_id=11, payment_status="captured",
            total="55.0000", net="50.0000", currency="USD",
            billing={"first_name": "Same", "last_name": "Person", "company": "", "zip": "10001",
                     "country_iso2": country, "email": email, "form_fields": []},
            shipping=[{"country_iso2": country, "zip": "10001"}],
        )  # fmt: skip
        company.add(("bigcommerce", instance, "orders"), placed)
        return f"came to a second shop {customer.label}"
    return None


def order_again(company: Company, order: Order, day: date, account: int | None) -> bool:
    """A copy of an order with a new number, by the same address; with a new account, if given."""
    place, raw = raw_order(company, order)
    number = company.new_id()
    platform, instance = order.platform, order.instance
    who = {"person": order.person_name or "", "company": None, "zip": order.postal_code or ""}
    if platform == "shopify":
        raw |= {
            "id": f"gid://shopify/Order/{number}", "legacyResourceId": str(number),
            "name": f"#{number}", "createdAt": shapes.iso(noon(day)),
            "processedAt": shapes.iso(noon(day)), "updatedAt": shapes.iso(noon(day)), "tags": [],
        }  # fmt: skip
        if account:
            raw["customer"] = {"id": f"gid://shopify/Customer/{account}"}
            row = shapes.shopify_customer(account, who, email=order.email)
            company.add((platform, instance, "customers"), row)
    elif platform == "bigcommerce":
        raw |= {
            "id": number,
            "date_created": shapes.rfc(noon(day)),
            "date_modified": shapes.rfc(noon(day)),
        }
        if account:
            raw["customer_id"] = account
            row = shapes.bigcommerce_customer(account, who, email=order.email)
            company.add((platform, instance, "customers"), row)
    else:
        raw |= {
            "entity_id": number, "increment_id": f"{number:09d}",
            "created_at": shapes.sql_time(noon(day)), "updated_at": shapes.sql_time(noon(day)),
        }  # fmt: skip
        if account:
            raw |= {"customer_id": account, "customer_is_guest": 0}
            company.add(
                (platform, instance, "customers"),
                {"id": account, "email": order.email, "firstname": who["person"], "lastname": "",
                 "created_at": shapes.sql_time(noon(day)),
                 "updated_at": shapes.sql_time(noon(day)), "taxvat": None, "custom_attributes": []},
            )  # fmt: skip
    company.add(place, raw)
    return True


def create_in_erp(company: Company, oracle: Oracle, day: date) -> str | None:
    """Onboarding creates an absent customer in its expected entity, known by its e-mail."""
    for row in absent_rows(oracle):
        entity = row["expected_legal_entity_id"]
        emails = sorted(
            value
            for subject in oracle.customer(row["customer"]).subjects
            for match_id, values in subject.keys.items()
            if "email" in match_id and "twin" not in match_id
            for value in values
        )
        if not entity or not emails:
            continue
        one = next(e for e in oracle.field_map.legal_entities if e["legal_entity_id"] == entity)
        number = f"NEW-{company.new_id()}"
        who = {"person": f"Created {number}", "zip": "00001"}
        erp, code = str(one["erp"]).lower(), str(one["erp_code"])
        if erp == "fo":
            instance = next(place[1] for place in company.state if place[0] == "d365_fo")
            row = shapes.fo_customer(code, number, who, email=emails[0])
            company.state["d365_fo", instance, "customers"].append(row)
        else:
            row = shapes.bc_customer(shapes.guid(number), number, who, email=emails[0])
            company.state["d365_bc", code, "customers"].append(row)
        return f"created {number} in {entity}"
    return None


def delete_in_erp(company: Company, oracle: Oracle, day: date) -> str | None:
    """The earliest created customer that still exists is deleted again."""
    for place, rows in company.state.items():
        if (place[0], place[2]) not in MASTERS:
            continue
        for row in rows:
            number = str(text(row.get("CustomerAccount")) or text(row.get("number")))
            if number.startswith("NEW-"):
                rows.remove(row)
                return f"deleted {number}"
    return None


def delete_a_buyer(company: Company, oracle: Oracle, day: date) -> str | None:
    """A long-standing D365 customer that has just ordered is deleted."""
    for row in oracle.presence_rows:
        if (row["window_days"], row["key_scope"], row["presence"]) != (7, "headline", "present"):
            continue
        held = {
            match.holder.key: match.holder for match in oracle.matches["headline", row["customer"]]
        }
        if len(held) == 1 and remove_holder(company, next(iter(held.values()))):
            return f"deleted the master record of {row['customer']}"
    return None


def remove_holder(company: Company, holder: Holder) -> bool:
    """Remove a record from its master."""
    for place, rows in company.state.items():
        if (place[0], place[2]) in MASTERS:
            for row in rows:
                number = str(text(row.get("CustomerAccount")) or text(row.get("number")))
                company_code = str(row.get("dataAreaId") or place[1]).lower()
                if (number, company_code) == (holder.customer_id, holder.erp_code):
                    rows.remove(row)
                    return True
    return False


def order_of_a_held_one(company: Company, oracle: Oracle, day: date) -> str | None:
    """A customer in D365 orders again."""
    for row in oracle.presence_rows:
        if (row["window_days"], row["key_scope"], row["presence"]) == (30, "headline", "present"):
            order = oracle.customer(row["customer"]).orders[0]
            if order.company_id is None and order_again(company, order, day, None):
                return f"ordered again {row['customer']}"
    return None


def master_place(company: Company) -> Place:
    """The customer master with the most rows."""
    masters = [place for place in company.state if (place[0], place[2]) in MASTERS]
    return max(masters, key=lambda place: len(company.state[place]))
