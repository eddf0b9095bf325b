"""Other shapes of an order's money, destinations and buyer, as shops and exports write them."""

from __future__ import annotations

import random
from typing import Any

Row = dict[str, Any]


def vary_shopify(row: Row, rng: random.Random) -> None:
    """Sets of money that are missing or in one currency only, refunds, countries by name."""
    sets = ["currentTotalPriceSet", "totalPriceSet", "currentTotalTaxSet", "totalTaxSet"]
    for name in rng.choices(sets, k=rng.choice((0, 0, 1, 2))):
        if isinstance(row[name], dict):
            row[name] = dict(row[name])
            row[name].pop(rng.choice(("shopMoney", "presentmentMoney", "none")), None)
            row[name] = row[name] or None
    if not row["currentTotalPriceSet"] and rng.random() < 0.5:
        row["currentTotalTaxSet"] = None
    if row["totalPriceSet"] and row["currentTotalPriceSet"] and rng.random() < 0.15:
        row["totalPriceSet"] = _times(row["totalPriceSet"], rng.choice((0, 2, 3)))
    if row["currentTotalPriceSet"] and rng.random() < 0.05:
        row["currentTotalPriceSet"] = _times(row["currentTotalPriceSet"], 0)
    if row["shippingAddress"] and rng.random() < 0.1:
        address = dict(row["shippingAddress"])
        address[rng.choice(("country", "countryCode", "province"))] = address.pop("countryCodeV2")
        row["shippingAddress"] = address
    if row["purchasingEntity"] and rng.random() < 0.1:
        row["purchasingEntity"] = {"__typename": "PurchasingCompany", "company": None}
    if rng.random() < 0.1:
        row["id"] = row["id"].rpartition("/")[2]
    if row["customer"] and rng.random() < 0.2:
        number = row["customer"]["id"].rpartition("/")[2]
        row["customer"] = row["customer"] | {"id": spelled(number, rng)}
    elif rng.random() < 0.05:
        row["customer"] = {"id": spelled(None, rng)}


def _times(money: Row, factor: int) -> Row:
    return {
        kind: held | {"amount": f"{float(held['amount']) * factor:.2f}"}
        for kind, held in money.items()
    }


def spelled(value: object, rng: random.Random) -> object:
    """An id as data frames, spreadsheets and dumps write it; a missing one as their "nobody"."""
    if value in (None, 0):
        return rng.choice((value, value, 0, "0", 0.0, "", "nan", "NULL", "None", "-", None))
    return rng.choice((value, value, str(value), f"{value}.0", f" {value} "))


def vary_bigcommerce(row: Row, rng: random.Random) -> None:
    """Refunds up to and above the total, returns, ids and destinations in their other shapes."""
    row["id"], row["customer_id"] = spelled(row["id"], rng), spelled(row["customer_id"], rng)
    total = row["total_inc_tax"]
    if total != "n/a" and rng.random() < 0.1:
        row["refunded_amount"] = rng.choice((total, f"-{total}", f"{float(total) + 1:.2f}", None))
    elif rng.random() < 0.05:
        row |= {"total_inc_tax": "-6.6000", "total_ex_tax": "-6.0000"}
    shipping = row["consignments"]["shipping"]
    link = {"url": "https://api.shop.test/orders/1/consignments", "resource": "/orders/1"}
    if rng.random() < 0.2:
        row["consignments"], row["shipping_addresses"] = rng.choice(
            (
                ([{"shipping": shipping}, {"shipping": []}], None),
                (None, shipping),
                (link, shipping),
                (link, link),
                (None, link),
                ([], link),
                ({"pickups": [{"id": 1}]}, link),
                (None, None),
            )
        )


def vary_adobe_commerce(row: Row, rng: random.Random) -> None:
    """Stored money, refunds of it and to it, returns, the guest flag beside an account."""
    more = row["extension_attributes"]
    for name in ("gift_cards_amount", "customer_balance_amount", "reward_currency_amount"):
        if rng.random() < 0.15:
            more[name] = rng.choice((0, 20, "50.0000", None))
    for name in (
        "gift_cards_refunded", "customer_balance_refunded", "customer_balance_total_refunded",
    ):  # fmt: skip
        if rng.random() < 0.1:
            more[name] = rng.choice((0, 20, row["grand_total"]))
    if rng.random() < 0.1:
        row["grand_total"] = rng.choice((0, -6.6))
    if rng.random() < 0.1:
        row.pop("tax_refunded", None)
    if row.get("customer_id") and rng.random() < 0.2:
        row["customer_is_guest"] = 1
    for name in ("entity_id", "customer_id"):
        row[name] = spelled(row.get(name), rng)
