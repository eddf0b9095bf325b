"""Card values that need an alert, and their texts.

Reads the published marts. If the guard refuses a customer master nothing is published, so the state
missing_data (without a number) is read from the warehouse of the failed build. A store that stopped
delivering affects only its cards: their missing_data is published.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.duck import Record, records
from pipelines.notify.outbox import Event, Memory, Moment, Told
from pipelines.publish.sets import published_manifest, published_marts
from pipelines.settings import InputError, Warehouse, shown

CARD_COLUMNS = (
    *("card_id", "card_order", "title", "unit", "as_of_date", "state", "state_reason", "trace_id"),
    *("value", "previous_value", "alert_text", "b2b_value", "dtc_value", "reporting_value"),
    "reporting_currency_code",
)
STATE_COLUMNS = CARD_COLUMNS[:8]
WORKLIST_COLUMNS = (
    *("worklist_rank", "customer_id", "customer_name", "segment_code"),
    *("expected_legal_entity_id", "mapping_status", "candidate_legal_entity_ids"),
    *("blocked_value_reporting", "reporting_currency_code", "blocked_values"),
)
LARGEST = 3  # rows of the worklist in a message
LONGEST_NAME = 80
WORDS = {"alert": "ALERT", "missing_data": "NO DATA", "ok": "CLEARED"}
# Markup, links and mentions of mail, Teams or Slack are replaced by look-alikes without meaning:
# full-width characters, and a one dot leader for a dot within a word.
HARMLESS = {ord(char): ord(char) + 0xFEE0 for char in "<>[]*_`|\\~@#&:$"}
DOT_IN_WORD = re.compile(r"\.(?=\S)")

Row = Record


@dataclass(frozen=True)
class Card:
    """One card value. `measured_at`: UTC. Numbers are None without good data."""

    card_id: str
    card_order: int
    title: str
    unit: str
    as_of_date: date
    state: str
    state_reason: str | None
    trace_id: str
    measured_at: datetime
    value: int | None = None
    previous_value: int | None = None
    alert_text: str | None = None
    b2b_value: int | None = None
    dtc_value: int | None = None
    reporting_value: Decimal | None = None
    reporting_currency_code: str = ""
    is_published: bool = True

    @property
    def moment(self) -> Moment:
        return self.as_of_date, self.measured_at

    @property
    def is_ahead_of_time(self) -> bool:
        """Whether its as-of is in the future; every real day would then be older."""
        return self.as_of_date > self.measured_at.date() + timedelta(days=1)


def read_cards(target: Warehouse, now: datetime) -> list[Card]:
    """The latest value of each card, in the order of the board.

    missing_data of the unpublished warehouse replaces the published value of its card, unless its
    as-of date is older. Raises InputError if nothing is published and nothing is missing.
    """
    published = _published_cards(target)
    cards = {card.card_id: card for card in published}
    missing = _missing_cards(target, now)
    for card in missing:
        known = cards.get(card.card_id)
        if known and known.trace_id == card.trace_id:
            continue  # published as missing_data because a store stopped delivering
        if known is None or known.as_of_date <= card.as_of_date:
            cards[card.card_id] = replace(card, alert_text=known.alert_text if known else None)
    if not cards:
        raise InputError(
            f"{shown(published_marts(target))}: nothing is published yet; run `make run`."
        )
    return sorted(cards.values(), key=lambda card: card.card_order)


def is_due(card: Card, memory: Memory) -> bool:
    """Whether an alert is due: the state differs from the one last sent.

    Never for an older as-of or build than already processed, a trace id already sent, or a card
    that is not available (it neither fires nor clears).
    """
    if card.is_ahead_of_time or (memory.newest and card.moment < memory.newest):
        return False
    told = memory.told.get(card.card_id)
    if card.state not in WORDS or card.state == (told.state if told else "ok"):
        return False
    return told is None or card.trace_id not in told.trace_ids


def largest_of_the_worklist(target: Warehouse) -> list[Row]:
    """The first rows of the published worklist: column → value."""
    with _reading(published_marts(target)) as con:
        try:
            return records(
                con.execute(
                    f"select {', '.join(WORKLIST_COLUMNS)} from worklist.onboarding_worklist "
                    f"order by worklist_rank limit {LARGEST}"
                )
            )
        except duckdb.CatalogException:
            return []


def link_to_the_page(target: Warehouse) -> str | None:
    """REPORT_URL, else the path of the published page, if any."""
    page = target.published / "report.html"
    return os.environ.get("REPORT_URL") or (shown(page) if page.exists() else None)


def may_name_customers() -> bool:
    """NOTIFY_PERSONAL_DATA. Raises InputError if it is neither true nor false."""
    value = os.environ.get("NOTIFY_PERSONAL_DATA") or "false"
    if value.lower() not in ("true", "false"):
        raise InputError(f"NOTIFY_PERSONAL_DATA is {value!r}; write true or false.")
    return value.lower() == "true"


def event_of(card: Card, told: Told | None, largest: list[Row], link: str | None) -> Event:
    """The message about a card. `largest`: the listed worklist rows."""
    lines = [_first_line(card), "", *_changes(card, told), *_parts(card)]
    if not card.is_published:
        lines += ["- Nothing was published: the previous set stays until the data is good."]
    if largest:
        lines += ["", "Largest on the worklist:", "", *(worklist_line(row) for row in largest)]
    if link:
        lines += ["", f"Page: [{link}]({link})" if "://" in link else f"Page: `{link}`"]
    lines += ["", f"Trace id: {card.trace_id}"]
    return Event(card.trace_id, card.card_id, card.state, _title(card), "\n".join(lines) + "\n")


def worklist_line(row: Row) -> str:
    """`- No. 1: B2B, ustr, USD 18,400.00, customer 01a7aa0b`; `row` without a name has none."""
    name = row.get("customer_name")
    parts = [
        *([harmless(name)] if name else []),
        row["segment_code"],
        _entity(row),
        _blocked(row),
        f"customer {row['customer_id']}",
    ]
    return f"- No. {row['worklist_rank']}: {', '.join(parts)}"


def without_names(row: Row) -> Row:
    """A row of the worklist without personal data."""
    return {key: value for key, value in row.items() if key != "customer_name"}


def harmless(text: str) -> str:
    """A shop text as one short line without markup for mail or chat."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    line = " ".join(printable.split())
    short = line if len(line) <= LONGEST_NAME else line[: LONGEST_NAME - 1] + "…"
    return DOT_IN_WORD.sub("\u2024", short.translate(HARMLESS))


def _title(card: Card) -> str:
    number = "" if card.value is None else f": {card.value:,} {card.unit}"
    limit = f" (alert {card.alert_text})" if card.state == "alert" else ""
    return f"{WORDS[card.state]} {card.title}{number}{limit}"


def _first_line(card: Card) -> str:
    if card.state == "missing_data":
        return f"**No number** as of {card.as_of_date}: {card.state_reason or 'reason unknown'}."
    limit = f"alert {card.alert_text}" if card.alert_text else "no threshold"
    caveat = f" Note: {card.state_reason}." if card.state_reason else ""
    return f"**{card.value:,} {card.unit}** as of {card.as_of_date}; {limit}.{caveat}"


def _changes(card: Card, told: Told | None) -> list[str]:
    """The value in the previous window and in the last message."""
    lines = []
    if card.value is not None:
        before = card.previous_value
        known = "not recorded" if before is None else f"{before:,}{_delta(card.value, before)}"
        lines += [f"- Previous window: {known}"]
    if told is None:
        return [*lines, "- Last message: none, this is the first for this card"]
    number = "" if told.value is None else f", {told.value:,} as of {told.value_as_of}"
    change = _delta(card.value, told.value)
    return [*lines, f"- Last message: {WORDS[told.state].lower()}{number}{change}"]


def _parts(card: Card) -> list[str]:
    lines = []
    if card.b2b_value is not None and card.dtc_value is not None:
        lines += [f"- B2B {card.b2b_value:,}, DTC {card.dtc_value:,}"]
    if card.reporting_value is not None:
        lines += [f"- Value: {card.reporting_currency_code} {card.reporting_value:,.2f}"]
    return lines


def _delta(value: int | None, before: int | None) -> str:
    return "" if value is None or before is None else f" ({value - before:+,})"


def _entity(row: Row) -> str:
    if row["expected_legal_entity_id"]:
        return str(row["expected_legal_entity_id"])
    candidates = row["candidate_legal_entity_ids"]
    return f"{row['mapping_status']} ({candidates})" if candidates else str(row["mapping_status"])


def _blocked(row: Row) -> str:
    if row["blocked_value_reporting"] is not None:
        return f"{row['reporting_currency_code']} {row['blocked_value_reporting']:,.2f}"
    return str(row["blocked_values"] or "no value")


def _published_cards(target: Warehouse) -> list[Card]:
    if not published_marts(target).exists():
        return []
    built_at = _built_at(published_manifest(target))
    columns = ", ".join(CARD_COLUMNS)
    with _reading(published_marts(target)) as con:
        try:
            rows = records(con.execute(f"select {columns} from cards.card_values"))
        except duckdb.CatalogException:
            return []
    return [Card(**row, measured_at=built_at) for row in rows]


def _missing_cards(target: Warehouse, now: datetime) -> list[Card]:
    """Cards without good data in the warehouse: only state and reason."""
    if not target.marts.exists():
        return []
    columns = ", ".join(STATE_COLUMNS)
    with _reading(target.marts) as con:
        try:
            rows = records(
                con.execute(f"select {columns} from cards.card_values where state = 'missing_data'")
            )
        except duckdb.CatalogException:
            return []
    return [Card(**row, measured_at=now, is_published=False) for row in rows]


def _built_at(manifest: Path) -> datetime:
    """When the published marts were built, UTC."""
    try:
        moment = datetime.fromisoformat(json.loads(manifest.read_text("utf-8"))["built_at"])
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"{shown(manifest)} cannot be read; run `python -m pipelines publish`."
        ) from error
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def _reading(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.IOException as error:
        raise InputError(
            f"{shown(path)} is open in another program; close it and run again. ({error})"
        ) from error
