"""Small cases where the marts and the oracle once disagreed, built in one world.

A case is a few API objects and a check. The field map is the shipped one
(entities ustr and catr, store shopify dtc-us), the as-of 2026-04-12.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import world_shapes as shapes
from oracle import Oracle
from oracle_cards import order_card_rows, rejected_order_rows, worklist_rows
from oracle_reading import read_seed
from world_parties import Files
from worlds import SEED_FOLDER, World

NOON = datetime(2026, 4, 10, 16, 0, 0)
AS_OF_AT = datetime(2026, 4, 13, 4, 0, 0)
SHOP = ("shopify", "dtc-us", "orders")
MASTER = ("d365_fo", "fo-prod", "customers")
PLUS = ("shopify", "plus", "orders")
SALES_ORDERS = ("d365_fo", "fo-prod", "sales_orders")
INVOICES = ("d365_fo", "fo-prod", "free_text_invoices")
TABLES = (
    "legal_entities", "match_keys", "ship_to_countries", "platform_tags", "customer_overrides",
    "stores", "order_statuses", "ignored_keys", "default_customers", "integration_flows",
)  # fmt: skip


@dataclass(frozen=True)
class Regression:
    """The objects of a case and the expected oracle result."""

    files: Files
    check: Callable[[Oracle], None]


def order(order_id: int, email: str | None, name: str = "", **given: Any) -> shapes.Row:
    """An order of a guest to the US, paid, 100 USD net."""
    who = {"person": name or f"Guest {order_id}", "zip": f"{order_id:05d}"}
    country = given.pop("country", "US")
    moment = given.pop("moment", NOON)
    defaults = {
        "name": f"#{order_id}", "total": "107.00", "tax": "7.00", "currency": "USD",
        "financial": "PAID", "email": email, "shipping": shapes.shopify_address(who, country),
    }  # fmt: skip
    return shapes.shopify_order(order_id, moment, **(defaults | given))


def master(account: str, zip_code: str, **given: Any) -> shapes.Row:
    """A customer of F&O company ustr."""
    who = {"person": "", "zip": zip_code}
    return shapes.fo_customer("ustr", account, who, country=given.pop("country", "US"), **given)


def order_of(oracle: Oracle, order_id: int) -> Any:
    """The order of an id."""
    return next(o for o in oracle.orders if o.order_id == str(order_id))


def presence_of(oracle: Oracle, order_id: int, scope: str) -> str:
    """The presence of an order's customer in the seven days."""
    label = order_of(oracle, order_id).facts["customer"].label
    return next(
        row["presence"]
        for row in oracle.active_rows
        if (row["window_days"], row["key_scope"], row["customer"]) == (7, scope, label)
    )


def one_guest(oracle: Oracle) -> None:
    """Both spellings of a domain are one guest, not two that the e-mail key joins."""
    customer = order_of(oracle, 10001).facts["customer"]
    assert len(customer.orders) == 2
    assert len(customer.subjects) == 1


def list_is_a_guest(oracle: Oracle) -> None:
    """A list of addresses identifies a guest by alphabetically the first key."""
    assert order_of(oracle, 10011).facts["subject"].endswith("guest:a@list.test")
    assert order_of(oracle, 10012).facts["kind"] == "unidentifiable"


def legal_forms_go(oracle: Oracle) -> None:
    """Several legal forms in a row are all dropped; the e-mail does not match."""
    assert presence_of(oracle, 10021, "headline") == "absent"
    assert presence_of(oracle, 10021, "twin") == "present"
    assert presence_of(oracle, 10022, "twin") == "present"


def no_letters_no_key(oracle: Oracle) -> None:
    """An empty normalised name is not a key, whatever the postal code."""
    assert presence_of(oracle, 10031, "twin") == "absent"


def fifteen_minutes(oracle: Oracle) -> None:
    """Exactly 15 minutes old is not younger than 15 minutes."""
    assert not order_of(oracle, 10041).facts["is_awaiting_sync"]
    assert order_of(oracle, 10042).facts["is_awaiting_sync"]


def covered_order(oracle: Oracle) -> None:
    """A covered order of an absent customer counts as blocked, but not as unmapped customer."""
    (row,) = [r for r in worklist_rows(oracle) if r["customer"] == "shopify:dtc-us:10051"]
    assert row["order_count"] == 2
    reasons = {r["order_key"]: r["reason"] for r in order_card_rows(oracle)}
    assert reasons["shopify:dtc-us:10051"] == "unexplained"
    assert reasons["shopify:dtc-us:10052"] == "unmapped_customer"


def unknown_country_is_listed(oracle: Oracle) -> None:
    """One known and one unknown ship-to country: mapped by the known one, the other is listed."""
    assert order_of(oracle, 10061).facts["expected"] == "ustr"
    listed = [row for row in rejected_order_rows(oracle) if row["record_key"] == "10061"]
    assert [row["column_name"] for row in listed] == ["country"]


def company(order_id: int, number: str, country: str, **given: Any) -> shapes.Row:
    """An order of a company with the customer number that the ERP gave it."""
    place = {"id": f"gid://shopify/CompanyLocation/{order_id}", "name": "main", "externalId": None}
    named = {
        "id": f"gid://shopify/Company/{order_id}",
        "name": f"Company {order_id}",
        "externalId": number,
    }
    purchasing = {"__typename": "PurchasingCompany", "company": named, "location": place}
    return order(order_id, None, country=country, purchasing=purchasing, **given)


def verbal_is_of_one_customer(oracle: Oracle) -> None:
    """The document is of the customer with its account; a PO of one order finds a walk-in's."""
    posted = {n: order_of(oracle, n).facts["is_posted"] for n in (10071, 10072, 10073, 10074)}
    assert posted == {10071: True, 10072: False, 10073: False, 10074: True}


def one_document_in_two_spellings(oracle: Oracle) -> None:
    """The later record counts; a reference is read without characters that no one sees."""
    posted = {
        number: order_of(oracle, number).facts["is_posted"] for number in (10076, 10077, 10078)
    }
    assert posted == {10076: False, 10077: True, 10078: True}


def credited_is_not_invoiced(oracle: Oracle) -> None:
    """Credited is not invoiced; credited and issued again is."""
    assert not order_of(oracle, 10081).facts["is_invoiced"]
    assert order_of(oracle, 10082).facts["is_invoiced"]


def number_next_door(oracle: Oracle) -> None:
    """One number in two entities is two customers; a number found next door only is absent."""
    first, second = (order_of(oracle, n).facts["customer"] for n in (10091, 10092))
    assert first is not second
    assert presence_of(oracle, 10091, "headline") == "present"
    assert presence_of(oracle, 10092, "headline") == "present"
    (row,) = [r for r in worklist_rows(oracle) if r["customer"] == "shopify:dtc-us:10093"]
    assert row["other_legal_entity_ids"] is None


def amounts_without_a_value(oracle: Oracle) -> None:
    """No amount at all is listed under its first field, one of the two as the value; a status
    without a number has a label."""
    listed = {(row["record_key"], row["column_name"]) for row in rejected_order_rows(oracle)}
    assert {name for name in listed if name[0] in ("3200", "3201", "3202", "3203")} == {
        ("3200", "total_inc_tax"), ("3201", "value"), ("3202", "value"),
    }  # fmt: skip
    assert order_of(oracle, 3201).gross is not None and order_of(oracle, 3201).net is None


def words_are_no_ids_and_labels_are_statuses(oracle: Oracle) -> None:
    """Every order of a word is a guest's; a label is its status; each of two tax ids is found."""
    guests = [order_of(oracle, number) for number in (3210, 3211, 10211, 10212)]
    assert {one.facts["kind"] for one in guests} == {"guest"}
    assert len({one.facts["customer"].label for one in guests}) == 4
    states = {number: order_of(oracle, number).facts["state"] for number in (3212, 3213, 10213)}
    assert states == {3212: "active", 3213: "cancelled", 10213: "active"}
    assert all(order_of(oracle, n).facts["is_status_known"] for n in (3212, 3213, 10213))
    assert presence_of(oracle, 3214, "headline") == "present"


def an_email_in_its_other_place(oracle: Oracle) -> None:
    """The e-mail of the account is that of the order's customer, where its file is not loaded."""
    assert presence_of(oracle, 10221, "headline") == "present"
    assert presence_of(oracle, 10222, "headline") == "present"


def no_rate_no_value(oracle: Oracle) -> None:
    """Without any rate a customer has no value, per entity as in total; with one it has that."""
    orders = [order_of(oracle, number) for number in (10231, 10233)]
    nothing, part = (
        next(
            row
            for row in oracle.active_rows
            if (row["window_days"], row["key_scope"]) == (7, "headline")
            and row["customer"] == one.facts["customer"].label
        )
        for one in orders
    )
    assert (nothing["blocked_value_reporting"], part["blocked_value_reporting"]) == (None, 100)
    assert (nothing["unrated_values"], part["unrated_values"]) == ("AED 200.00", "KWD 100.00")
    assert nothing["absent_legal_entity_ids"] == "catr, ustr"


def bigcommerce(order_id: Any, total: str, net: str, **given: Any) -> shapes.Row:
    """An order of a guest to the US, awaiting fulfilment."""
    who = {"email": f"{order_id}@total.test".replace(" ", ""), "country_iso2": "US", "zip": "1"}
    who["form_fields"] = [{"name": "VAT ID", "value": given.pop("tax_id", "")}]
    return shapes.bigcommerce_order(
        order_id, NOON, **({"status_id": 11} | given), total=total, net=net, currency="USD",
        billing=who, shipping=[{"country_iso2": "US", "zip": "1"}],
    )  # fmt: skip


def sales_order(number: str, account: str, **given: Any) -> shapes.Row:
    """An open sales order of F&O company ustr."""
    return {"dataAreaId": "ustr", "SalesOrderNumber": number, "SalesOrderStatus": "Backorder",
            "OrderingCustomerAccountNumber": account, **given}  # fmt: skip


def invoice(number: str, reference: str, **given: Any) -> shapes.Row:
    """A posted free-text invoice of F&O company ustr."""
    return {"dataAreaId": "ustr", "InvoiceIdentifier": int(number[4:]), "FreeTextNumber": number,
            "CustomerReference": reference, "IsPosted": "Yes", "IsCorrection": "No", **given}  # fmt: skip


REGRESSIONS = {
    "guest_with_an_internationalised_domain": Regression(
        {
            SHOP: [
                order(10001, "rosa@bücher.example"),
                order(10002, "Rosa@xn--bcher-kva.example"),
            ]
        },
        one_guest,
    ),
    "guest_with_a_list_of_addresses": Regression(
        {
            SHOP: [
                order(10011, "b@list.test; A@list.test"),
                order(10012, "noreply@list.test;"),
            ]
        },
        list_is_a_guest,
    ),
    "several_legal_forms": Regression(
        {
            SHOP: [
                order(10021, "a@forms.test", "Möbel Müller GmbH & Co. KG"),
                order(10022, "b@forms.test", "Acme Co Ltd"),
            ],
            MASTER: [
                master("R21", "10021", name="Mobel Muller"),
                master("R22", "10022", name="ACME Inc."),
            ],
        },
        legal_forms_go,
    ),
    "name_without_latin_letters": Regression(
        {
            SHOP: [order(10031, "a@letters.test", "株式会社")],
            MASTER: [master("R31", "10031", name="有限会社")],
        },
        no_letters_no_key,
    ),
    "exactly_fifteen_minutes_old": Regression(
        {
            SHOP: [
                order(10041, "a@minutes.test", moment=AS_OF_AT - timedelta(minutes=15)),
                order(10042, "b@minutes.test", moment=AS_OF_AT - timedelta(seconds=899)),
            ]
        },
        fifteen_minutes,
    ),
    "one_order_covered_one_not": Regression(
        {
            SHOP: [
                order(10051, "a@covered.test", channel="pos"),
                order(10052, "a@covered.test", moment=NOON - timedelta(hours=1)),
            ],
            MASTER: [master("US-WALKIN", "00000", name="Walk-in")],
        },
        covered_order,
    ),
    "a_po_text_that_says_nothing": Regression(
        {
            PLUS: [
                order(10071, "a@verbal.test", po="VERBAL"),
                order(10072, "b@verbal.test", po="Verbal "),
                order(10073, "c@verbal.test", po="VERBAL"),
                order(10074, "d@verbal.test", po="A much longer number than fits, 10074"),
            ],
            MASTER: [master("US-E24", "10071", email="a@verbal.test")],
            SALES_ORDERS: [
                sales_order("SO-24", "us-e24 ", CustomerRequisitionNumber="VERBAL"),
                sales_order("SO-25", "WALKIN", CustomerRequisitionNumber="A much longer number"),
            ],
        },
        verbal_is_of_one_customer,
    ),
    "a_document_in_two_spellings": Regression(
        {
            SHOP: [
                order(10076, "a@spelled.test"),
                order(10077, "b@spelled.test"),
                order(10078, "c@spelled.test"),
            ],
            SALES_ORDERS: [
                sales_order("SO-76", "X76", CustomersOrderReference="10076"),
                sales_order("so-77", "X77", CustomersOrderReference="10077")
                | {"SalesOrderStatus": "Canceled"},
                sales_order(" so-76 ", "X76", CustomersOrderReference="10076")
                | {"SalesOrderStatus": "Canceled", "dataAreaId": "USTR"},
                sales_order("SO-77", "X77", CustomersOrderReference="10077"),
                sales_order("SO-78", "X78", CustomersOrderReference="\uff11\uff100\u200b78"),
            ],
        },
        one_document_in_two_spellings,
    ),
    "a_corrected_free_text_invoice": Regression(
        {
            SHOP: [order(10081, "a@credited.test"), order(10082, "b@credited.test")],
            INVOICES: [
                invoice("FTI-81", "10081"),
                invoice("FTI-82", "10081", IsCorrection="Yes", CorrectedInvoiceId="fti-81"),
                invoice("FTI-83", "10082"),
                invoice("FTI-84", "10082", IsCorrection="Yes", CorrectedInvoiceId="FTI-83"),
                invoice("FTI-85", "10082"),
            ],
        },
        credited_is_not_invoiced,
    ),
    "a_number_belongs_to_a_company": Regression(
        {
            SHOP: [
                company(10091, "C-1000", "US"),
                company(10092, "C-1000", "CA"),
                company(10093, "C-2000", "US"),
            ],
            MASTER: [
                master("C-1000", "10091", name="Alpha Foods"),
                shapes.fo_customer("catr", "c-1000", {"person": "Beta Steel", "zip": "10092"}),
                shapes.fo_customer("catr", "C-2000", {"person": "Gamma", "zip": "10094"}),
            ],
        },
        number_next_door,
    ),
    "amounts_and_statuses_without_a_value": Regression(
        {
            ("bigcommerce", "b2b-us", "orders"): [
                bigcommerce(" 3200 ", "n/a", "n/a", customer_id="nan"),
                bigcommerce(3201, "107.0000", "n/a"),
                bigcommerce(3202, "NULL", "100.0000"),
                bigcommerce(3203, "107.0000", "100.0000", status_id="n/a"),
            ]
        },
        amounts_without_a_value,
    ),
    "an_email_in_its_other_place": Regression(
        {
            SHOP: [
                order(10221, None) | {"customer": {"id": "922", "email": "a@place.test"}},
                order(10222, "x@place.test")
                | {
                    "customer": {
                        "id": "923",
                        "defaultEmailAddress": {"emailAddress": "b@place.test"},
                    }
                },
            ],
            MASTER: [
                master("R221", "10221", name="Place A", email="A@place.test"),
                master("R222", "10222", name="Place B", email="b@place.test"),
            ],
        },
        an_email_in_its_other_place,
    ),
    "words_and_labels": Regression(
        {
            ("bigcommerce", "b2b-us", "orders"): [
                bigcommerce(3210, "107.0000", "100.0000", customer_id="Guest"),
                bigcommerce(3211, "107.0000", "100.0000", customer_id=" NOT LOGGED IN"),
                bigcommerce(3212, "107.0000", "100.0000", status_id="awaiting Fulfillment "),
                bigcommerce(3213, "107.0000", "100.0000", status_id="Cancelled"),
                bigcommerce(3214, "107.0000", "100.0000", tax_id="DE136695976 / ATU13585627"),
            ],
            SHOP: [
                order(10211, "a@words.test") | {"customer": {"id": "Guest"}},
                order(10212, "b@words.test") | {"customer": {"id": "gid://shopify/Customer/guest"}},
                order(10213, "c@words.test", financial="Partially Refunded"),
            ],
            MASTER: [master("R214", "3214", name="Two numbers", tax_id="ATU13585627")],
        },
        words_are_no_ids_and_labels_are_statuses,
    ),
    "orders_without_a_rate": Regression(
        {
            SHOP: [
                order(10231, "a@rate.test", currency="AED"),
                order(10232, "a@rate.test", currency="AED", country="CA"),
                order(10233, "b@rate.test", currency="KWD"),
                order(10234, "b@rate.test"),
                order(10235, "c@rate.test", currency="A, B\n<i>"),
            ]
        },
        no_rate_no_value,
    ),
    "one_of_two_ship_to_countries_is_unknown": Regression(
        {
            ("bigcommerce", "b2b-us", "orders"): [
                shapes.bigcommerce_order(
                    10061,
                    NOON,
                    status_id=11,
                    total="107.0000",
                    net="100.0000",
                    currency="USD",
                    billing={"email": "a@two.test", "country_iso2": "US", "zip": "10061"},
                    shipping=[
                        {"country_iso2": "US", "zip": "10061"},
                        {"country_iso2": "Atlantis", "zip": "1"},
                    ],
                )
            ]
        },
        unknown_country_is_listed,
    ),
}


def regression_world() -> World:
    """All cases in one world, with the shipped field map."""
    field_map: dict[str, list[dict[str, Any]]] = {
        name: [dict(row) for row in read_seed(SEED_FOLDER / f"field_map_{name}.csv")]
        for name in TABLES
    }
    who = {"person": "Somebody else", "zip": "99999"}
    common: Files = {
        MASTER: [shapes.fo_customer("catr", "CA-1", who)],
        SALES_ORDERS: [],
        INVOICES: [],
    }
    field_map["stores"].append(
        {"platform": "shopify", "instance": "plus", "default_legal_entity_id": "ustr",
         "order_reference_rule": "po_number", "is_in_scope": "true"}
    )  # fmt: skip
    given = {"as_of": "2026-04-12", "max_master_age_hours": 1000000}
    return World(given, field_map, common, [case.files for case in REGRESSIONS.values()])
