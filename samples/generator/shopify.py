"""Shopify Admin GraphQL nodes: orders, customers, company locations, draft orders."""

from __future__ import annotations

from decimal import Decimal

from samples.generator.addresses import PLACES
from samples.generator.shapes import Order, Record, Scenario
from samples.generator.text import later, money_short, person

SHOP_RATES = {
    "USD": "1",
    "CAD": "0.71",
    "EUR": "1.17",
    "MXN": "0.058",
    "JPY": "0.0069",
    "AED": "0.27",
}
BUSINESS_ENTITIES = {"US Trade Inc": "1001", "CA Trade ULC": "1002"}


def _address(place_key: str, name: str, company: str) -> Record:
    place = PLACES[place_key]
    first, last = person(name)
    return {
        "name": name,
        "firstName": first,
        "lastName": last,
        "company": company or None,
        "address1": place.street,
        "city": place.city,
        "zip": place.zip,
        "provinceCode": place.state or None,
        "countryCodeV2": place.country,
    }


def _company_address(scenario: Scenario) -> Record:
    """A CompanyAddress: its field names differ from MailingAddress (orders, customers)."""
    place = PLACES[scenario.home]
    first, last = person(scenario.contact)
    return {
        "recipient": scenario.contact,
        "firstName": first,
        "lastName": last,
        "companyName": scenario.name,
        "address1": place.street,
        "city": place.city,
        "zip": place.zip,
        "zoneCode": place.state or None,
        "countryCode": place.country,
    }


def _money(amount: Decimal, currency: str, shop_currency: str = "USD") -> Record:
    in_shop = (amount * Decimal(SHOP_RATES[currency])).quantize(Decimal("0.01"))
    if shop_currency == currency:
        in_shop = amount
    return {
        "shopMoney": {"amount": money_short(in_shop), "currencyCode": shop_currency},
        "presentmentMoney": {"amount": money_short(amount), "currencyCode": currency},
    }


def _business_entity(name: str) -> Record:
    entity = name or "US Trade Inc"
    return {
        "id": f"gid://shopify/BusinessEntity/{BUSINESS_ENTITIES[entity]}",
        "displayName": entity,
        "companyName": entity,
        "primary": entity == "US Trade Inc",
    }


def _purchasing_entity(
    scenario: Scenario, order: Order, account_id: int, company_id: int
) -> Record | None:
    if order.by == "guest":
        return None
    if order.by == "account":
        return {"__typename": "Customer", "id": f"gid://shopify/Customer/{account_id}"}
    return {
        "__typename": "PurchasingCompany",
        "company": {
            "id": f"gid://shopify/Company/{company_id}",
            "name": scenario.name,
            "externalId": scenario.company_external_id or None,
        },
        "location": {
            "id": f"gid://shopify/CompanyLocation/{company_id + 5000}",
            "name": f"{scenario.name} - main",
            "externalId": scenario.location_external_id or None,
        },
        "contact": {
            "id": f"gid://shopify/CompanyContact/{company_id + 9000}",
            "customer": {"id": f"gid://shopify/Customer/{account_id}"},
        },
    }


def order_node(
    scenario: Scenario,
    order: Order,
    order_id: int,
    number: int,
    account_id: int,
    company_id: int,
) -> Record:
    """One Order node; `account_id`/`company_id` 0: none."""
    current, tax = Decimal(order.net) + Decimal(order.tax), Decimal(order.tax)
    original = current + Decimal(order.refunded)
    email = _email(scenario, order)
    ship_to = (scenario.home,) if order.ship_to is None else order.ship_to
    buyer = scenario.contact or scenario.name
    company = scenario.name if scenario.company else ""
    bill_to = order.bill_to or scenario.home
    return {
        "id": f"gid://shopify/Order/{order_id}",
        "legacyResourceId": str(order_id),
        "name": f"#D{number}",
        "number": number,
        "createdAt": order.at,
        "processedAt": order.at,
        "updatedAt": later(order.at, 37),
        "cancelledAt": later(order.at, 30) if order.cancelled else None,
        "closedAt": later(order.at, 35) if order.closed else None,
        "cancelReason": "CUSTOMER" if order.cancelled else None,
        "test": order.test,
        "confirmed": True,
        "sourceName": order.channel or "web",
        "poNumber": order.po_number or None,
        "tags": list(order.tags),
        "email": email or None,
        "phone": None,
        "taxesIncluded": order.currency == "EUR",
        "taxExempt": tax == 0,
        "currencyCode": "USD",
        "presentmentCurrencyCode": order.currency,
        "displayFinancialStatus": order.status or "PAID",
        "displayFulfillmentStatus": "FULFILLED" if order.fulfilled else "UNFULFILLED",
        "customAttributes": [],
        "customer": (
            {"id": f"gid://shopify/Customer/{account_id}", "legacyResourceId": str(account_id)}
            if account_id
            else None
        ),
        "shippingAddress": _address(ship_to[0], buyer, company) if ship_to else None,
        "billingAddress": None if order.channel == "pos" else _address(bill_to, buyer, company),
        "purchasingEntity": _purchasing_entity(scenario, order, account_id, company_id),
        "merchantBusinessEntity": _business_entity(order.business_entity),
        "currentTotalPriceSet": _money(current, order.currency),
        "totalPriceSet": _money(original, order.currency),
        "originalTotalPriceSet": _money(original, order.currency),
        "currentTotalTaxSet": _money(tax, order.currency),
        "totalTaxSet": _money(tax, order.currency),
        "totalDiscountsSet": _money(Decimal(order.discount), order.currency),
        "totalShippingPriceSet": _money(Decimal(order.shipping), order.currency),
    }


def _email(scenario: Scenario, order: Order) -> str:
    if order.email is not None:
        return order.email
    return scenario.store_emails.get(order.store, scenario.email)


def customer_node(scenario: Scenario, account_id: int, store: str, tax_id: str = "") -> Record:
    """One Customer node."""
    email = scenario.store_emails.get(store, scenario.email)
    buyer = scenario.contact or scenario.name
    first, last = person(buyer)
    company = scenario.name if scenario.company else ""
    return {
        "id": f"gid://shopify/Customer/{account_id}",
        "legacyResourceId": str(account_id),
        "createdAt": "2025-09-14T12:00:00Z",
        "updatedAt": "2026-04-05T06:30:00Z",
        "displayName": buyer,
        "firstName": first,
        "lastName": last,
        "state": "ENABLED",
        "tags": list(scenario.account_tags),
        "defaultEmailAddress": {"emailAddress": email} if email else None,
        "email": email or None,
        "defaultAddress": _address(scenario.home, buyer, company),
        "taxExempt": False,
        "taxSettings": {"taxId": tax_id or scenario.account_tax_id or None},
    }


def company_location_node(scenario: Scenario, company_id: int, store: str) -> Record:
    """One CompanyLocation node, with tax id and external ids."""
    company = {
        "id": f"gid://shopify/Company/{company_id}",
        "name": scenario.name,
        "externalId": scenario.company_external_id or None,
    }
    tax_id = scenario.store_tax_ids.get(store, scenario.company_tax_id)
    address = _company_address(scenario)
    return {
        "id": f"gid://shopify/CompanyLocation/{company_id + 5000}",
        "name": f"{scenario.name} - main",
        "externalId": scenario.location_external_id or None,
        "createdAt": "2025-10-02T09:00:00Z",
        "updatedAt": "2026-03-18T09:00:00Z",
        "company": company,
        "taxSettings": {"taxRegistrationId": tax_id or None},
        "shippingAddress": address,
        "billingAddress": address,
    }


def draft_order_node(
    scenario: Scenario,
    draft_id: int,
    number: int,
    at: str,
    net: str,
    status: str,
    account_id: int,
) -> Record:
    """One DraftOrder node: a quote, never an order."""
    return {
        "id": f"gid://shopify/DraftOrder/{draft_id}",
        "name": f"#DR{number}",
        "createdAt": at,
        "updatedAt": later(at, 20),
        "completedAt": later(at, 330) if status == "COMPLETED" else None,
        "status": status,
        "email": scenario.email,
        "customer": {"id": f"gid://shopify/Customer/{account_id}"},
        "order": None,
        "purchasingEntity": {"__typename": "Customer"},
        "totalPriceSet": _money(Decimal(net), "USD"),
    }
