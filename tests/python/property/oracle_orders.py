"""Orders of the three platforms in one simple shape: buyer, destination, state, value.

`fields` of an order are its key fields: (level, name, value, country text or None), level being
order, account or company; names are those of the field map (`order.email`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from oracle_reading import (
    Extracts,
    FieldMap,
    Row,
    Settings,
    amount,
    at,
    blank,
    first,
    gid,
    instant,
    lower,
    pairs,
    quantized,
    real_id,
    text,
    truth,
)

Field = tuple[str, str, str, str | None]
TAX_WORD = re.compile(r"(^|[^a-z])(vat|tax)(id|no|nr|number|code)?([^a-z]|$)")


@dataclass
class Order:
    """One order; later steps add to it."""

    platform: str
    instance: str
    order_id: str
    number: str
    ordered_at: datetime | None
    raw_status: str
    is_paid: bool
    is_fulfilled: bool
    account_id: str | None
    company_id: str | None
    email: str | None
    company_name: str | None
    person_name: str | None
    country_text: str | None
    postal_code: str | None
    ship_to: list[str]
    po_number: str | None
    tags: list[tuple[str, str]]
    currency: str | None
    gross: Decimal | None
    net: Decimal | None
    fields: list[Field]
    document_numbers: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.platform}:{self.instance}:{self.order_id}"

    @property
    def account_key(self) -> str | None:
        return self._party("account", self.account_id)

    @property
    def company_key(self) -> str | None:
        return self._party("company", self.company_id)

    def _party(self, kind: str, party_id: str | None) -> str | None:
        return f"{self.platform}:{self.instance}:{kind}:{party_id}" if party_id else None

    @property
    def date(self) -> date:
        return self.facts["date"]


def read_orders(extracts: Extracts, settings: Settings) -> list[Order]:
    """Every order of the look-back (37 days), of all stores."""
    start = settings.window_start(37)
    return [
        order
        for order in (*_shopify(extracts), *_bigcommerce(extracts), *_adobe_commerce(extracts))
        if order.ordered_at is None or start <= order.ordered_at < settings.as_of_at
    ]


def classify(orders: list[Order], field_map: FieldMap, settings: Settings) -> list[Order]:
    """The orders of stores in scope, each with its state, store, segment, country and value."""
    in_scope = []
    for order in orders:
        store = field_map.store(order.platform, order.instance)
        if store and truth(store["is_in_scope"]) is False:
            continue
        states = [
            row["order_state"]
            for row in field_map.order_statuses
            if row["platform"] == order.platform
            and str(row["raw_status"]).upper() == order.raw_status.upper()
        ]
        facts = order.facts
        facts["is_status_known"] = bool(states)
        facts["state"] = states[0] if states else "active"
        facts["is_active"] = facts["state"] == "active" and order.ordered_at is not None
        facts["date"] = settings.local_date(order.ordered_at) if order.ordered_at else None
        facts["is_awaiting_sync"] = (
            order.ordered_at is not None
            and order.ordered_at > settings.as_of_at - settings.awaiting
        )
        facts["country"] = field_map.country(order.country_text)
        facts["value"] = order.gross if settings.basis == "gross" else order.net
        is_b2b = order.company_id is not None or lower(store.get("segment")) == "b2b"
        facts["segment"] = "B2B" if is_b2b else "DTC"
        facts["store"] = store
        in_scope.append(order)
    return in_scope


def _by_id(rows: list[Row], *path: str) -> dict[tuple[str, str], Row]:
    return {(row["_instance"], str(gid(at(row, *path)))): row for row in rows}


def _attributes(level: str, found: list[tuple[str, str]]) -> list[Field]:
    return [(level, f"{level}.attribute.{name}", value, None) for name, value in found]


def _named_tags(level: str, tags: list[str]) -> list[Field]:
    return [
        (
            level,
            f"{level}.tag.{tag.split(':', 1)[0]}",
            tag.split(":", 1)[1].strip(),
            None,
        )
        for tag in tags
        if ":" in tag and tag.split(":", 1)[1].strip()
    ]


def _given(*found: Field | tuple[str, str, object, object]) -> list[Field]:
    return [
        (level, name, str(blank(value)), blank(country))
        for level, name, value, country in found
        if blank(value)
    ]


def _text_list(value: object) -> list[str]:
    return [str(item).strip() for item in value] if isinstance(value, list) else []


def _shopify(extracts: Extracts) -> list[Order]:
    accounts = _by_id(extracts.rows("shopify", "customers"), "id")
    locations = _by_id(extracts.rows("shopify", "company_locations"), "id")
    return [_shopify_order(row, accounts, locations) for row in extracts.rows("shopify", "orders")]


def _shopify_order(
    row: Row,
    accounts: dict[tuple[str, str], Row],
    locations: dict[tuple[str, str], Row],
) -> Order:
    instance = row["_instance"]
    account_id = gid(at(row, "customer", "id"))
    account = accounts.get((instance, str(account_id)), {})
    company_id = gid(at(row, "purchasingEntity", "company", "id"))
    location_id = gid(at(row, "purchasingEntity", "location", "id"))
    location = locations.get((instance, str(location_id)), {})
    shipping, billing = row.get("shippingAddress"), row.get("billingAddress")
    if row.get("cancelledAt"):
        status = "CANCELLED"
    elif truth(row.get("test")):
        status = "TEST"
    else:
        status = (blank(row.get("displayFinancialStatus")) or "NONE").upper()
    financial = (blank(row.get("displayFinancialStatus")) or "").upper()
    total = amount(at(row, "currentTotalPriceSet", "presentmentMoney", "amount"))
    gross, net = total, _shopify_net(row, total)
    order_tags = _text_list(row.get("tags"))
    account_tags = _text_list(account.get("tags"))
    location_country = first(
        at(location, "billingAddress", "countryCode"),
        at(location, "shippingAddress", "countryCode"),
    )
    attributes = list(pairs(row.get("customAttributes"), "key", "value"))
    fields = _given(("order", "order.email", row.get("email"), None))
    fields += _attributes("order", attributes) + _named_tags("order", order_tags)
    fields += _given(
        (
            "account",
            "account.email",
            first(at(account, "defaultEmailAddress", "emailAddress"), account.get("email")),
            None,
        ),
        (
            "account",
            "account.tax_id",
            at(account, "taxSettings", "taxId"),
            at(account, "defaultAddress", "countryCodeV2"),
        ),
    )
    fields += _named_tags("account", account_tags)
    if company_id:
        fields += _given(
            (
                "company",
                "company.external_id",
                at(row, "purchasingEntity", "company", "externalId"),
                None,
            ),
            (
                "company",
                "company_location.external_id",
                at(row, "purchasingEntity", "location", "externalId"),
                None,
            ),
            (
                "company",
                "company.tax_id",
                at(location, "taxSettings", "taxRegistrationId"),
                location_country,
            ),
        )
    country = first(at(shipping, "countryCodeV2"), at(billing, "countryCodeV2"))
    tags = [("order_tag", tag) for tag in order_tags]
    tags += [("customer_tag", tag) for tag in account_tags]
    tags += [
        ("merchant_business_entity", str(value))
        for value in (
            gid(at(row, "merchantBusinessEntity", "id")),
            at(row, "merchantBusinessEntity", "displayName"),
        )
        if value
    ]
    tags += [("channel", str(row["sourceName"]))] if blank(row.get("sourceName")) else []
    currency = first(
        at(row, "currentTotalPriceSet", "presentmentMoney", "currencyCode"),
        row.get("presentmentCurrencyCode"),
    )
    return Order(
        platform="shopify",
        instance=instance,
        order_id=str(gid(row["id"])),
        number=str(first(row.get("name"), gid(row["id"]))),
        ordered_at=instant(row.get("createdAt")),
        raw_status=status,
        is_paid=financial in ("PAID", "PARTIALLY_REFUNDED"),
        is_fulfilled=(blank(row.get("displayFulfillmentStatus")) or "").upper() == "FULFILLED",
        account_id=account_id,
        company_id=company_id,
        email=blank(row.get("email")),
        company_name=first(
            at(row, "purchasingEntity", "company", "name"),
            at(billing, "company"),
            at(shipping, "company"),
        ),
        person_name=first(account.get("displayName"), at(billing, "name"), at(shipping, "name")),
        country_text=country,
        postal_code=first(at(shipping, "zip"), at(billing, "zip")),
        ship_to=[str(at(shipping, "countryCodeV2"))] if at(shipping, "countryCodeV2") else [],
        po_number=blank(row.get("poNumber")),
        tags=tags,
        currency=currency.upper() if currency else None,
        gross=gross,
        net=net,
        fields=fields,
        document_numbers=[value for name, value in attributes if name == "BC Doc. No."],
    )


def _shopify_net(row: Row, total: Decimal | None) -> Decimal | None:
    """Total without tax; a tax given only in the shop currency is applied by its share."""
    if total is None:
        return None
    tax = amount(at(row, "currentTotalTaxSet", "presentmentMoney", "amount"))
    if tax is None:
        tax_shop = amount(at(row, "currentTotalTaxSet", "shopMoney", "amount"))
        shop = at(row, "currentTotalPriceSet", "shopMoney") or {}
        paid = at(row, "currentTotalPriceSet", "presentmentMoney") or {}
        total_shop = amount(shop.get("amount"))
        if tax_shop is None:
            tax = Decimal(0)
        elif shop.get("currencyCode") == paid.get("currencyCode"):
            tax = tax_shop
        else:
            tax = quantized(total * tax_shop / total_shop, 4) if total_shop else Decimal(0)
    return total - tax


def _bigcommerce(extracts: Extracts) -> list[Order]:
    accounts = _by_id(extracts.rows("bigcommerce", "customers"), "id")
    companies = _by_id(extracts.rows("bigcommerce", "companies"), "companyId")
    b2b_orders = _by_id(extracts.rows("bigcommerce", "b2b_orders"), "bcOrderId")
    return [
        _bigcommerce_order(row, accounts, companies, b2b_orders)
        for row in extracts.rows("bigcommerce", "orders")
    ]


def _tax_fields(level: str, found: list[tuple[str, str]]) -> list[Field]:
    return [
        (level, f"{level}.tax_id", value, None)
        for name, value in found
        if TAX_WORD.search(name.lower())
    ]


def _bigcommerce_order(
    row: Row,
    accounts: dict[tuple[str, str], Row],
    companies: dict[tuple[str, str], Row],
    b2b_orders: dict[tuple[str, str], Row],
) -> Order:
    instance = row["_instance"]
    order_id = str(text(row["id"]))
    account_id = real_id(row.get("customer_id"))
    account = accounts.get((instance, str(account_id)), {})
    b2b_order = b2b_orders.get((instance, order_id), {})
    company_id = real_id(b2b_order.get("companyId"))
    company = companies.get((instance, str(company_id)), {})
    billing = row.get("billing_address") or {}
    if truth(row.get("is_deleted")):
        status = "DELETED"
    elif row.get("payment_method") == "Test Payment Gateway":
        status = "TEST"
    else:
        status = blank(row.get("status_id")) or "NONE"
    status_id = blank(row.get("status_id"))
    shipping = at(row, "consignments", "shipping") or []
    shipments = {(blank(at(s, "country_iso2")), blank(at(s, "zip"))) for s in shipping}
    alone = next(iter(shipments)) if len(shipments) == 1 else (None, None)
    country = first(alone[0], billing.get("country_iso2"))
    form = list(pairs(billing.get("form_fields"), "name", "value"))
    account_attributes = list(pairs(account.get("attributes"), "attribute_id", "attribute_value"))
    account_attributes += list(pairs(account.get("form_fields"), "name", "value"))
    company_attributes = list(pairs(company.get("extraFields"), "fieldName", "fieldValue"))
    fields = _given(
        ("order", "order.email", billing.get("email"), None),
        ("account", "account.email", account.get("email"), None),
        ("company", "company.email", company.get("companyEmail"), None),
    )
    for level, found in (
        ("order", form),
        ("account", account_attributes),
        ("company", company_attributes),
    ):
        fields += _attributes(level, found) + _tax_fields(level, found)
    total, total_net = amount(row.get("total_inc_tax")), amount(row.get("total_ex_tax"))
    refunded = amount(row.get("refunded_amount")) or Decimal(0)
    refunded_net = Decimal(0)
    if total and total_net is not None:
        refunded_net = quantized(refunded * total_net / total, 4)
    tags = [
        ("channel", str(text(value)))
        for value in (row.get("channel_id"), row.get("order_source"))
        if blank(value)
    ]
    if blank(company.get("bcGroupName")):
        tags.append(("company_tag", str(company["bcGroupName"])))
    currency = first(row.get("default_currency_code"), row.get("currency_code"))
    return Order(
        platform="bigcommerce",
        instance=instance,
        order_id=order_id,
        number=order_id,
        ordered_at=instant(row.get("date_created")),
        raw_status=status,
        is_paid=lower(row.get("payment_status")) in ("paid", "captured", "partially refunded")
        or status_id in ("2", "3", "10", "14"),
        is_fulfilled=status_id in ("2", "10"),
        account_id=account_id,
        company_id=company_id,
        email=blank(billing.get("email")),
        company_name=first(
            company.get("companyName"), account.get("company"), billing.get("company")
        ),
        person_name=first(
            f"{account.get('first_name') or ''} {account.get('last_name') or ''}",
            f"{billing.get('first_name') or ''} {billing.get('last_name') or ''}",
        ),
        country_text=country,
        postal_code=first(alone[1], billing.get("zip")),
        ship_to=sorted({code for code, _ in shipments if code}),
        po_number=first(b2b_order.get("poNumber"), row.get("external_order_id")),
        tags=tags,
        currency=currency.upper() if currency else None,
        gross=None if total is None else total - refunded,
        net=None if total_net is None else total_net - refunded_net,
        fields=fields,
    )


def _adobe_commerce(extracts: Extracts) -> list[Order]:
    accounts = _by_id(extracts.rows("adobe_commerce", "customers"), "id")
    companies = _by_id(extracts.rows("adobe_commerce", "companies"), "id")
    return [
        _adobe_commerce_order(row, accounts, companies)
        for row in extracts.rows("adobe_commerce", "orders")
    ]


def _adobe_commerce_order(
    row: Row,
    accounts: dict[tuple[str, str], Row],
    companies: dict[tuple[str, str], Row],
) -> Order:
    instance = row["_instance"]
    order_id = str(text(row["entity_id"]))
    account_id = None if truth(row.get("customer_is_guest")) else real_id(row.get("customer_id"))
    account = accounts.get((instance, str(account_id)), {})
    ordering = at(row, "extension_attributes", "company_order_attributes") or {}
    company_id = real_id(ordering.get("company_id"))
    company = companies.get((instance, str(company_id)), {})
    billing = row.get("billing_address") or {}
    assignments = at(row, "extension_attributes", "shipping_assignments") or []
    shipments = {
        (
            blank(at(item, "shipping", "address", "country_id")),
            blank(at(item, "shipping", "address", "postcode")),
        )
        for item in assignments
    }
    alone = next(iter(shipments)) if len(shipments) == 1 else (None, None)
    country = first(alone[0], billing.get("country_id"))
    state = lower(row.get("state"))
    billing_country = billing.get("country_id")
    fields = _given(
        ("order", "order.email", row.get("customer_email"), None),
        ("order", "order.tax_id", row.get("customer_taxvat"), billing_country),
        ("order", "order.tax_id", billing.get("vat_id"), billing_country),
        ("order", "order.external_id", row.get("ext_customer_id"), None),
        ("account", "account.email", account.get("email"), None),
        ("account", "account.tax_id", account.get("taxvat"), None),
        ("company", "company.email", company.get("company_email"), None),
        (
            "company",
            "company.tax_id",
            company.get("vat_tax_id"),
            company.get("country_id"),
        ),
        ("company", "company.external_id", company.get("reseller_id"), None),
    )
    for level, holder in (("account", account), ("company", company)):
        fields += _attributes(
            level,
            list(pairs(holder.get("custom_attributes"), "attribute_code", "value")),
        )
    gross, net = _adobe_values(row)
    currency = blank(row.get("order_currency_code"))
    return Order(
        platform="adobe_commerce",
        instance=instance,
        order_id=order_id,
        number=str(first(row.get("increment_id"), order_id)),
        ordered_at=instant(row.get("created_at")),
        raw_status=state or "NONE",
        is_paid=(amount(row.get("total_paid")) or 0) > 0,
        is_fulfilled=state == "complete",
        account_id=account_id,
        company_id=company_id,
        email=blank(row.get("customer_email")),
        company_name=first(
            company.get("legal_name"),
            company.get("company_name"),
            ordering.get("company_name"),
            billing.get("company"),
        ),
        person_name=first(
            f"{account.get('firstname') or ''} {account.get('lastname') or ''}",
            f"{first(row.get('customer_firstname'), billing.get('firstname')) or ''} "
            f"{first(row.get('customer_lastname'), billing.get('lastname')) or ''}",
        ),
        country_text=country,
        postal_code=first(alone[1], billing.get("postcode")),
        ship_to=sorted({code for code, _ in shipments if code}),
        po_number=blank(at(row, "payment", "po_number")),
        tags=[("channel", str(text(row["store_id"])))] if blank(row.get("store_id")) else [],
        currency=currency.upper() if currency else None,
        gross=gross,
        net=net,
        fields=fields,
    )


def _adobe_values(row: Row) -> tuple[Decimal | None, Decimal | None]:
    """Grand total less refunds and cancellations, with and without tax."""
    total = amount(row.get("grand_total"))
    if total is None:
        return None, None
    tax = amount(row.get("tax_amount")) or Decimal(0)
    refunded = amount(row.get("total_refunded")) or Decimal(0)
    canceled = amount(row.get("total_canceled")) or Decimal(0)
    share = tax / total if total else Decimal(0)
    tax_refunded = amount(row.get("tax_refunded"))
    if tax_refunded is None:
        tax_refunded = quantized(refunded * share, 4)
    gross = total - refunded - canceled
    return gross, gross - (tax - tax_refunded - quantized(canceled * share, 4))
