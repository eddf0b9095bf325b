"""Conversions between scenario values and API formats."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal

_NAMESPACE = uuid.UUID("6f1c2a10-7b1e-4a53-9a53-0c7d1f7b2a44")


def guid(*parts: str) -> str:
    """The same parts always give the same GUID."""
    return str(uuid.uuid5(_NAMESPACE, ":".join(parts)))


def instant(text: str) -> datetime:
    """`2026-04-09T14:03:22Z` to an aware UTC datetime."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def iso(moment: datetime) -> str:
    """An aware datetime as `2026-04-09T14:03:22Z`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def later(text: str, minutes: int) -> str:
    """The ISO instant `minutes` after the given one."""
    return iso(instant(text) + timedelta(minutes=minutes))


def rfc2822(text: str) -> str:
    """As BigCommerce V2 writes dates: `Thu, 09 Apr 2026 14:03:22 +0000`."""
    return instant(text).strftime("%a, %d %b %Y %H:%M:%S +0000")


def plain(text: str) -> str:
    """As Adobe Commerce writes dates: `2026-04-09 14:03:22`, UTC without a marker."""
    return instant(text).strftime("%Y-%m-%d %H:%M:%S")


def unix(text: str) -> int:
    """As B2B Edition writes times: seconds since 1970."""
    return int(instant(text).timestamp())


def money4(amount: Decimal) -> str:
    """As BigCommerce writes money: four decimals."""
    return f"{amount:.4f}"


def money_short(amount: Decimal) -> str:
    """As Shopify writes money: no trailing zeros, at least one decimal."""
    text = f"{amount:.2f}"
    return text.removesuffix("0")


def number(amount: Decimal) -> int | float:
    """As Adobe Commerce and D365 write money: a JSON number."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def person(name: str) -> tuple[str, str]:
    """First and last name; the last word is the last name."""
    first, _, last = name.rpartition(" ")
    return (first, last) if first else (name, "")
