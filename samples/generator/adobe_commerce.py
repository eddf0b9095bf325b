"""Adobe Commerce REST: orders, customers, companies, negotiable quotes. Null fields are omitted."""

from __future__ import annotations

from decimal import Decimal

from samples.generator.addresses import PLACES
from samples.generator.shapes import Order, Quote, Record, Scenario
from samples.generator.text import later, number, person, plain


def _address(place_key: str, name: str, company: str, email: str, kind: str) -> Record:
    place = PLACES[place_key]
    first, last = person(name)
    address = {
        "address_type": kind,
        "city": place.city,
        "country_id": place.country,
        "firstname": first,
        "lastname": last,
        "postcode": place.zip,
        "telephone": "1",
        "street": [place.street],
        "email": email,
    }
    if company:
        address["company"] = company
    return address


def order_record(
    scenario: Scenario,
    order: Order,
    order_id: int,
    increment_id: str,
    account_id: int,
    company_id: int,
) -> Record:
    """One order; `account_id`/`company_id` 0: a guest / no company."""
    net, tax = Decimal(order.net), Decimal(order.tax)
    refunded = Decimal(order.refunded)
    total = net + refunded + tax
    rate = Decimal("1.36") if order.currency == "CAD" else Decimal(1)
    base = (total / rate).quantize(Decimal("0.01"))
    email = scenario.store_emails.get(order.store, scenario.email)
    email = email if order.email is None else order.email
    buyer = scenario.contact or scenario.name
    first, last = person(buyer)
    company = scenario.name if company_id else ""
    ship_to = (scenario.home,) if order.ship_to is None else order.ship_to
    state = order.status or "processing"
    record: Record = {
        "entity_id": order_id,
        "increment_id": increment_id,
        "state": state,
        "status": "pending" if state == "new" else state,
        "created_at": plain(order.at),
        "updated_at": plain(later(order.at, 55)),
        "store_id": 2,
        "store_name": "Main Website\nMain Store\nEN",
        "customer_is_guest": 0 if account_id else 1,
        "customer_email": email,
        "customer_firstname": first,
        "customer_lastname": last,
        "customer_group_id": 4,
        "order_currency_code": order.currency,
        "base_currency_code": "USD",
        "global_currency_code": "USD",
        "base_to_order_rate": number(rate),
        "base_to_global_rate": 1,
        "grand_total": number(total),
        "base_grand_total": number(base),
        "tax_amount": number(tax),
        "total_paid": number(total),
        "total_due": 0,
        "total_qty_ordered": 2,
        "is_virtual": 0 if ship_to else 1,
        "items": [{"item_id": order_id * 3, "sku": "A-1", "qty_ordered": 2}],
        "billing_address": _address(
            order.bill_to or scenario.home, buyer, company, email, "billing"
        ),
        "payment": {
            "method": "purchaseorder" if order.po_number else "checkmo",
            "account_status": None,
            "additional_information": [],
            "cc_last4": "",
        },
    }
    if account_id:
        record["customer_id"] = account_id
    if order.po_number:
        record["payment"]["po_number"] = order.po_number
    if scenario.account_tax_id or order.tax_id:
        record["customer_taxvat"] = order.tax_id or scenario.account_tax_id
    if refunded:
        record |= {"total_refunded": number(refunded), "tax_refunded": 0}
    extension: Record = {
        "shipping_assignments": [
            {
                "shipping": {
                    "address": _address(place, buyer, company, email, "shipping"),
                    "method": "flatrate_flatrate",
                },
                "items": [],
            }
            for place in ship_to
        ],
    }
    if company_id:
        extension["company_order_attributes"] = {
            "order_id": order_id,
            "company_id": company_id,
            "company_name": scenario.name,
        }
    record["extension_attributes"] = extension
    return record


def customer_record(scenario: Scenario, account_id: int, company_id: int, store: str) -> Record:
    """One customer. The ERP account is a custom attribute."""
    buyer = scenario.contact or scenario.name
    first, last = person(buyer)
    email = scenario.store_emails.get(store, scenario.email)
    place = PLACES[scenario.home]
    record: Record = {
        "id": account_id,
        "group_id": 4,
        "created_at": "2025-09-02 03:04:05",
        "updated_at": "2026-04-01 00:00:00",
        "created_in": "Default Store View",
        "email": email,
        "firstname": first,
        "lastname": last,
        "store_id": 2,
        "website_id": 1,
        "addresses": [
            {
                "id": account_id + 70,
                "customer_id": account_id,
                "country_id": place.country,
                "street": [place.street],
                "telephone": "1",
                "postcode": place.zip,
                "city": place.city,
                "firstname": first,
                "lastname": last,
                "default_billing": True,
            },
        ],
        "disable_auto_group_change": 0,
        "extension_attributes": {"is_subscribed": False},
        "custom_attributes": [],
    }
    if company_id:
        record["extension_attributes"]["company_attributes"] = {
            "customer_id": account_id,
            "company_id": company_id,
            "status": 1,
        }
    if scenario.account_tax_id:
        record["taxvat"] = scenario.account_tax_id
    if scenario.erp_account:
        record["custom_attributes"].append(
            {"attribute_code": "erp_account", "value": scenario.erp_account}
        )
    return record


def company_record(scenario: Scenario, company_id: int, account_id: int, store: str) -> Record:
    """One company: VAT id in vat_tax_id, ERP account in reseller_id."""
    place = PLACES[scenario.home]
    return {
        "id": company_id,
        "status": 1,
        "company_name": scenario.name,
        "legal_name": scenario.name,
        "company_email": scenario.store_emails.get(store, scenario.email),
        "vat_tax_id": scenario.store_tax_ids.get(store, scenario.company_tax_id),
        "reseller_id": scenario.company_external_id,
        "street": [place.street],
        "city": place.city,
        "country_id": place.country,
        "postcode": place.zip,
        "telephone": "1",
        "super_user_id": account_id,
        "customer_group_id": 4,
    }


def quote_record(scenario: Scenario, quote: Quote, quote_id: int, account_id: int) -> Record:
    """One cart with a negotiable quote: never an order."""
    return {
        "id": quote_id,
        "created_at": plain(quote.at),
        "updated_at": plain(later(quote.at, 90)),
        "is_active": True,
        "customer": {"id": account_id, "email": scenario.email},
        "currency": {"quote_currency_code": quote.currency},
        "extension_attributes": {
            "negotiable_quote": {
                "quote_id": quote_id,
                "negotiated_total_price": number(Decimal(quote.net)),
                "is_regular_quote": True,
                "status": quote.status,
                "quote_name": f"Quote {quote_id}",
            }
        },
    }
