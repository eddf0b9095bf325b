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
    NO_ID,
    Extracts,
    FieldMap,
    Row,
    Settings,
    amount,
    at,
    blank,
    enum,
    first,
    gid,
    instant,
    lower,
    number_of,
    pairs,
    quantized,
    text,
    truth,
)

Field = tuple[str, str, str, str | None]
SHOPIFY_COUNTRY = ("countryCodeV2", "countryCode", "country")
BIGCOMMERCE_COUNTRY = ("country_iso2", "country")
STORED_MONEY = ("gift_cards_amount", "customer_balance_amount", "reward_currency_amount")
# labels of the control panels, as enum() writes them
SHOPIFY_IDS = (
    ("customer", "id"),
    ("purchasingEntity", "company", "id"),
    ("purchasingEntity", "location", "id"),
)
SHOPIFY_STATUSES = {"partiallypaid": "PARTIALLY_PAID", "partiallyrefunded": "PARTIALLY_REFUNDED"}
BIGCOMMERCE_STATUSES = (
    "incomplete", "pending", "shipped", "partiallyshipped", "refunded", "cancelled", "declined",
    "awaitingpayment", "awaitingpickup", "awaitingshipment", "completed", "awaitingfulfillment",
    "manualverificationrequired", "disputed", "partiallyrefunded",
)  # fmt: skip
ADOBE_STATES = {
    "pending": "new", "pendingpayment": "pending_payment", "onhold": "holded", "completed": "complete",
    "paymentreview": "payment_review", "cancelled": "canceled",
}  # fmt: skip
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
    # gross, before refunds; None where it is not known
    total: Decimal | None = None
    # for a company, also one that the order does not name
    is_for_company: bool = False
    # what is listed beside unreadable values
    remarks: set[str] = field(default_factory=set)
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
        facts["state"] = _state(order, str(states[0]) if states else "active")
        facts["is_active"] = facts["state"] == "active" and order.ordered_at is not None
        facts["date"] = settings.local_date(order.ordered_at) if order.ordered_at else None
        facts["is_awaiting_sync"] = (
            order.ordered_at is not None
            and order.ordered_at > settings.as_of_at - settings.awaiting
        )
        facts["country"] = field_map.country(order.country_text)
        facts["value"] = order.gross if settings.basis == "gross" else order.net
        is_b2b = order.is_for_company or lower(store.get("segment")) == "b2b"
        facts["segment"] = "B2B" if is_b2b else "DTC"
        facts["store"] = store
        in_scope.append(order)
    return in_scope


def _state(order: Order, status: str) -> str:
    """The state of the status map; money decides between active, refunded and a return."""
    total, left = order.total, order.gross
    if status not in ("active", "refunded") or total is None:
        return status
    if total < 0:
        return "return"
    if total == 0:
        return "active"
    if left is None or left == total:
        return status
    return "refunded" if left <= 0 else "active"


def _left(total: Decimal | None, amount: Decimal | None) -> Decimal | None:
    """What is left of an order; no less than nothing, unless the order is a return."""
    if total is None or amount is None or total < 0:
        return amount
    return max(amount, Decimal(0))


def _country(address: object, *fields: str) -> str | None:
    """The country of an address: the first field that has one."""
    return first(*(at(address, name) for name in fields))


def _ship_tos(codes: set[str | None]) -> list[str]:
    """The countries an order is sent to; an address without one is listed."""
    return sorted({code or "no country" for code in codes})


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
        status = SHOPIFY_STATUSES.get(enum(status), status)
    financial = (blank(row.get("displayFinancialStatus")) or "").upper()
    financial = SHOPIFY_STATUSES.get(enum(financial), financial)
    placed, gross, net, currency, remarks = _shopify_money(row)
    for name, *path in SHOPIFY_IDS:
        written = blank(at(row, name, *path))
        is_no_one = not written or written.lower() in NO_ID or not written.strip(".0")
        if not is_no_one and gid(written) is None:
            remarks.add(".".join([name, *path[:-1]]))
    order_tags = _text_list(row.get("tags"))
    account_tags = _text_list(account.get("tags"))
    location_country = first(
        _country(location.get("billingAddress"), "countryCode", "country"),
        _country(location.get("shippingAddress"), "countryCode", "country"),
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
            "account.email",
            first(
                at(row, "customer", "defaultEmailAddress", "emailAddress"),
                at(row, "customer", "email"),
            )
            if account_id
            else None,
            None,
        ),
        (
            "account",
            "account.tax_id",
            at(account, "taxSettings", "taxId"),
            first(
                _country(billing, *SHOPIFY_COUNTRY),
                _country(account.get("defaultAddress"), *SHOPIFY_COUNTRY),
            ),
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
                first(
                    at(location, "taxSettings", "taxRegistrationId"),
                    at(location, "taxRegistrationId"),
                ),
                location_country,
            ),
        )
    ship_to = _country(shipping, *SHOPIFY_COUNTRY)
    country = first(ship_to, _country(billing, *SHOPIFY_COUNTRY))
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
        ship_to=[] if shipping is None else _ship_tos({ship_to}),
        po_number=blank(row.get("poNumber")),
        tags=tags,
        currency=currency.strip().upper() if currency else None,
        gross=_left(placed, gross),
        net=_left(placed, net),
        fields=fields,
        total=placed,
        is_for_company=company_id is not None
        or at(row, "purchasingEntity", "__typename") == "PurchasingCompany",
        remarks=remarks,
        document_numbers=[value for name, value in attributes if name == "BC Doc. No."],
    )


def _shopify_money(
    row: Row,
) -> tuple[Decimal | None, Decimal | None, Decimal | None, str | None, set[str]]:
    """Total before refunds, gross and net now, currency, remarks.

    The buyer's money, else the shop's; in one currency each replaces a missing amount of the other.
    """

    def money(name: str, kind: str) -> Decimal | None:
        return amount(at(row, name, kind, "amount"))

    def code(kind: str, field_name: str) -> str | None:
        sets = [at(row, name, kind, "currencyCode") for name in (current, placed)]
        return first(*sets, row.get(field_name))

    current, placed = "currentTotalPriceSet", "totalPriceSet"
    current_tax, placed_tax = "currentTotalTaxSet", "totalTaxSet"
    paid, shop = "presentmentMoney", "shopMoney"
    codes = {
        paid: code(paid, "presentmentCurrencyCode"),
        shop: code(shop, "currencyCode"),
    }
    is_one = None in codes.values() or lower(codes[paid]) == lower(codes[shop])
    is_paid = any(money(name, paid) is not None for name in (current, placed))
    is_shop = any(money(name, shop) is not None for name in (current, placed))
    kinds = [paid] if is_paid or not is_shop else [shop]
    if is_one:
        kinds = [*kinds, shop if kinds == [paid] else paid]

    def chosen(name: str) -> Decimal | None:
        return next((found for kind in kinds if (found := money(name, kind)) is not None), None)

    now, before = chosen(current), chosen(placed)
    gross = before if now is None else now
    tax = chosen(placed_tax) if now is None else None
    tax = chosen(current_tax) if tax is None else tax
    if tax is None and now is not None:
        for part, whole in (
            (money(current_tax, shop), money(current, shop)),
            (chosen(placed_tax), before),
        ):
            if tax is None and part is not None and whole:
                tax = quantized(now * part / whole, 4)
    remarks = set()
    if (now is None and before is not None) or (kinds[0] == shop and not is_one):
        remarks.add("value")
    currency = first(*(codes[kind] for kind in (kinds[0], paid, shop)))
    net = None if gross is None else gross - (tax or Decimal(0))
    return before, gross, net, currency, remarks


def _bigcommerce(extracts: Extracts) -> list[Order]:
    accounts = _by_id(extracts.rows("bigcommerce", "customers"), "id")
    companies = _by_id(extracts.rows("bigcommerce", "companies"), "companyId")
    b2b_orders = _by_id(extracts.rows("bigcommerce", "b2b_orders"), "bcOrderId")
    return [
        _bigcommerce_order(row, accounts, companies, b2b_orders)
        for row in extracts.rows("bigcommerce", "orders")
    ]


def _destinations(row: Row) -> tuple[list[Row], bool]:
    """The ship-to addresses of a BigCommerce order, and whether there is only a link to them."""
    sent, legacy = row.get("consignments"), row.get("shipping_addresses")
    for one in (sent, legacy):
        if one and not at(one, "resource"):
            return [address for part in many(one) for address in _addresses(part)], False
    link = at(legacy if sent is None else sent, "resource")
    return [], bool(link) and not isinstance(legacy, list)


def _addresses(part: Row) -> list[Row]:
    """Of a consignment, or the address itself in its place."""
    if at(part, "shipping") is not None:
        return many(part["shipping"])
    return [] if not part or {"pickups", "downloads"} & set(part) else [part]


def many(value: Any) -> list[Any]:
    """A list, or what came without its list."""
    return value if isinstance(value, list) else [value]


def _tax_fields(
    level: str, found: list[tuple[str, str]], billing_country: str | None
) -> list[Field]:
    return [
        (level, f"{level}.tax_id", value, None if level == "company" else billing_country)
        for name, value in found
        if TAX_WORD.search(name.lower())
    ]


def _status_id(row: Row) -> str | None:
    """The number of a status, or of its label."""
    given = first(row.get("status_id"), row.get("status"))
    label = enum(given)
    if label in BIGCOMMERCE_STATUSES:
        return str(BIGCOMMERCE_STATUSES.index(label))
    return label if label.isdigit() else given


def _bigcommerce_order(
    row: Row,
    accounts: dict[tuple[str, str], Row],
    companies: dict[tuple[str, str], Row],
    b2b_orders: dict[tuple[str, str], Row],
) -> Order:
    instance = row["_instance"]
    order_id = str(text(row["id"]))
    account_id = gid(row.get("customer_id"))
    account = accounts.get((instance, str(account_id)), {})
    b2b_order = b2b_orders.get((instance, order_id), {})
    company_id = gid(b2b_order.get("companyId"))
    company = companies.get((instance, str(company_id)), {})
    billing = row.get("billing_address") or {}
    if truth(row.get("is_deleted")):
        status = "DELETED"
    elif row.get("payment_method") == "Test Payment Gateway":
        status = "TEST"
    else:
        status = _status_id(row) or "NONE"
    status_id = _status_id(row)
    shipping, is_linked = _destinations(row)
    shipments = {(_country(s, *BIGCOMMERCE_COUNTRY), blank(at(s, "zip"))) for s in shipping}
    alone = next(iter(shipments)) if len(shipments) == 1 else (None, None)
    billing_country = _country(billing, *BIGCOMMERCE_COUNTRY)
    country = first(alone[0], billing_country)
    ship_to = _ship_tos({code for code, _ in shipments})
    if is_linked:
        ship_to += ["destinations not loaded", *([billing_country] if billing_country else [])]
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
        fields += _attributes(level, found) + _tax_fields(level, found, billing_country)
    total, total_net = amount(row.get("total_inc_tax")), amount(row.get("total_ex_tax"))
    refunded = abs(amount(row.get("refunded_amount")) or Decimal(0))
    refunded_net = Decimal(0)
    if total and total_net is not None:
        refunded_net = quantized(refunded * total_net / total, 4)
    tags = [
        ("channel", str(number_of(value)))
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
        ship_to=ship_to,
        po_number=first(b2b_order.get("poNumber"), row.get("external_order_id")),
        tags=tags,
        currency=currency.strip().upper() if currency else None,
        gross=None if total is None else _left(total, total - refunded),
        net=None if total_net is None else _left(total, total_net - refunded_net),
        fields=fields,
        total=total,
        is_for_company=company_id is not None,
        remarks={"value"} if (total is None) != (total_net is None) else set(),
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
    account_id = gid(row.get("customer_id"))
    account = accounts.get((instance, str(account_id)), {})
    ordering = at(row, "extension_attributes", "company_order_attributes") or {}
    company_id = gid(ordering.get("company_id"))
    company = companies.get((instance, str(company_id)), {})
    billing = row.get("billing_address") or {}
    assignments = many(at(row, "extension_attributes", "shipping_assignments") or [])
    shipments = {
        (
            blank(at(item, "shipping", "address", "country_id")),
            blank(at(item, "shipping", "address", "postcode")),
        )
        for item in assignments
    }
    alone = next(iter(shipments)) if len(shipments) == 1 else (None, None)
    country = first(alone[0], billing.get("country_id"))
    email = first(row.get("customer_email"), billing.get("email"))
    given = first(row.get("state"), row.get("status"))
    state = ADOBE_STATES.get(enum(given), lower(given))
    billing_country = billing.get("country_id")
    fields = _given(
        ("order", "order.email", email, None),
        ("order", "order.tax_id", row.get("customer_taxvat"), billing_country),
        ("order", "order.tax_id", billing.get("vat_id"), billing_country),
        ("order", "order.external_id", row.get("ext_customer_id"), None),
        ("account", "account.email", account.get("email"), None),
        ("account", "account.tax_id", account.get("taxvat"), billing_country),
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
    total, gross, net = _adobe_values(row)
    stored_company = at(account, "extension_attributes", "company_attributes", "company_id")
    currency = blank(row.get("order_currency_code"))
    return Order(
        platform="adobe_commerce",
        instance=instance,
        order_id=order_id,
        number=str(first(row.get("increment_id"), order_id)),
        ordered_at=instant(row.get("created_at")),
        raw_status=state or "NONE",
        is_paid=(amount(row.get("total_paid")) or 0) > 0
        or (total is not None and total > 0 and amount(row.get("grand_total")) == 0),
        is_fulfilled=state == "complete",
        account_id=account_id,
        company_id=company_id,
        email=email,
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
        ship_to=_ship_tos({code for code, _ in shipments}),
        po_number=blank(at(row, "payment", "po_number")),
        tags=[("channel", str(number_of(row["store_id"])))] if blank(row.get("store_id")) else [],
        currency=currency.strip().upper() if currency else None,
        gross=_left(total, gross),
        net=_left(total, net),
        fields=fields,
        total=total,
        is_for_company=bool(company_id or gid(stored_company)),
    )


def _adobe_values(row: Row) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """All that was paid with; less refunds and cancellations; the same without tax."""
    charged = amount(row.get("grand_total"))
    if charged is None:
        return None, None, None

    def given(name: str) -> Decimal:
        held = at(row, "extension_attributes", name) if name not in row else row[name]
        return amount(held) or Decimal(0)

    total = charged + sum(map(given, STORED_MONEY), Decimal(0))
    tax, canceled = given("tax_amount"), given("total_canceled")
    refunded = sum(
        map(given, ("gift_cards_refunded", "customer_balance_refunded")),
        abs(given("total_refunded")),
    )
    if charged > 0 and abs(given("total_refunded")) >= charged:
        refunded += given("reward_currency_amount")
    refunded = max(refunded, given("customer_balance_total_refunded"))
    share = tax / total if total else Decimal(0)
    tax_refunded = amount(row.get("tax_refunded"))
    tax_refunded = quantized(refunded * share, 4) if tax_refunded is None else abs(tax_refunded)
    gross = total - refunded - canceled
    return total, gross, gross - (tax - tax_refunded - quantized(canceled * share, 4))
