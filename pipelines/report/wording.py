"""Formats numbers, days and codes for the page. Missing values are words, never 0."""

import re
import tomllib
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from pipelines.sources.tables import LABELS

NOTHING = "–"
WORDS = LABELS | tomllib.loads(
    Path(__file__).with_name("templates").joinpath("words.toml").read_text("utf-8")
)


def words(code: str | None) -> str:
    """A code of the marts in words: validation_failed → Validation failed."""
    if code is None:
        return NOTHING
    return WORDS.get(code) or code.replace("_", " ")[:1].upper() + code.replace("_", " ")[1:]


def words_each(codes: str | None) -> str:
    return " and ".join(words(code) for code in codes.split(", ")) if codes else NOTHING


def count(value: int | None, missing: str = NOTHING) -> str:
    return missing if value is None else f"{value:,}"


def change(value: int | None) -> str:
    """A difference with its sign: +3, −2, ±0."""
    if value is None:
        return NOTHING
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{abs(value):,}"


def money(value: Decimal | None, currency: str | None, missing: str = NOTHING) -> str:
    """An amount after its currency: USD 61,200.00."""
    return missing if value is None else f"{currency} {value:,.2f}"


def rated(value: Decimal | None, unrated: object) -> str:
    """An amount without its currency, and whether orders without a rate are left out of it."""
    if value is None:
        return "no rate" if unrated else NOTHING
    return f"{value:,.2f}" + (" + no rate" if unrated else "")


def spaced(values: str) -> str:
    """Amounts per currency with separators: AED 1,800.00, CAD 30.00."""
    return re.sub(r"[0-9]+[.][0-9]{2}", lambda found: f"{Decimal(found[0]):,.2f}", values)


def percent(share: float) -> str:
    return "under 1 %" if 0 < share < 0.005 else f"{share:.0%}".replace("%", "\u00a0%")


def day(value: date | None) -> str:
    return NOTHING if value is None else f"{value.day} {value:%b %Y}"


def moment(value: datetime | str | None) -> str:
    """An instant in UTC: 12 Apr 2026 14:03 UTC. A text is one of ISO 8601."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return f"{day(value)} {value:%H:%M} UTC"


def window(as_of: date, days: int | None, grace_days: int, text: str) -> str:
    """The dates of a card's window and its text (window_text), e.g. 6 – 8 Apr 2026 (3 days)."""
    if days is None:
        return f"{text} to the end of {day(as_of)}"
    end = as_of - timedelta(days=grace_days)
    start = end - timedelta(days=days - 1)
    first = f"{start.day}" if start.month == end.month else f"{start.day} {start:%b}"
    if start.year != end.year:
        first = day(start)
    return f"{first} – {day(end)} ({text})"
