"""Card values that need an alert, and their texts.

Reads the published marts. If the guard refuses a customer master nothing is published, so the state
missing_data (without a number) is read from the warehouse of the failed build. A store that stopped
delivering affects only its cards: their missing_data is published.
"""

import json
import os
import re
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from pipelines.console import one_line
from pipelines.duck import FILES, Record, records_of
from pipelines.notify.outbox import Event, Memory, Moment, Told
from pipelines.settings import InputError, Warehouse, shown

WORKLIST_COLUMNS = (
    *("worklist_rank", "customer_id", "customer_name", "segment_code"),
    *("expected_legal_entity_id", "mapping_status", "candidate_legal_entity_ids"),
    *("blocked_value_reporting", "reporting_currency_code", "blocked_values", "is_rate_missing"),
)
LARGEST = 3  # rows of the worklist in a message
LONGEST_NAME = 80
WORDS = {"alert": "ALERT", "missing_data": "NO DATA", "ok": "CLEARED"}
# Markup, links and mentions of mail, Teams or Slack are replaced by look-alikes without meaning:
# full-width characters, and a one dot leader for a dot within a word.
HARMLESS = {ord(char): ord(char) + 0xFEE0 for char in "<>[]*_`|\\~@#&:$"}
DOT_IN_WORD = re.compile(r"\.(?=\S)")


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
    unrated_values: str | None = None
    is_published: bool = True

    @property
    def moment(self) -> Moment:
        return self.as_of_date, self.measured_at

    @property
    def is_ahead_of_time(self) -> bool:
        """Whether its as-of is in the future; every real day would then be older."""
        return self.as_of_date > self.measured_at.date() + timedelta(days=1)


CARD_COLUMNS = tuple(
    one.name for one in fields(Card) if one.name not in ("measured_at", "is_published")
)
STATE_COLUMNS = CARD_COLUMNS[:8]


def read_cards(target: Warehouse, now: datetime) -> list[Card]:
    """The latest value of each card, in the order of the board; missing_data of the unpublished
    warehouse replaces the published value unless its as-of date is older. Raises InputError without
    any."""
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
            f"{shown(target.published_marts)}: nothing is published yet; run `make run`."
        )
    return sorted(cards.values(), key=lambda card: card.card_order)


def is_due(card: Card, memory: Memory) -> bool:
    """Whether the state differs from the one last sent. Never for an older as-of or build than
    processed, a trace id already sent, or a card that is not available (it neither fires nor
    clears)."""
    if card.is_ahead_of_time or (memory.newest and card.moment < memory.newest):
        return False
    told = memory.told.get(card.card_id)
    if card.state not in WORDS or card.state == (told.state if told else "ok"):
        return False
    return told is None or card.trace_id not in told.trace_ids


def largest_of_the_worklist(target: Warehouse) -> list[Record]:
    columns = ", ".join(WORKLIST_COLUMNS)
    first = f"worklist.onboarding_worklist order by worklist_rank limit {LARGEST}"
    return records_of(target.published_marts, f"select {columns} from {first}")


def link_to_the_page(target: Warehouse) -> str | None:
    page = target.published / "report.html"
    return os.environ.get("REPORT_URL") or (shown(page) if page.exists() else None)


def may_name_customers() -> bool:
    """NOTIFY_PERSONAL_DATA. Raises InputError if it is neither true nor false."""
    value = os.environ.get("NOTIFY_PERSONAL_DATA") or "false"
    if value.lower() not in ("true", "false"):
        raise InputError(f"NOTIFY_PERSONAL_DATA is {value!r}; write true or false.")
    return value.lower() == "true"


def event_of(card: Card, told: Told | None, largest: list[Record], link: str | None) -> Event:
    body = ALERT.render(card=card, last=told, largest=largest, link=link, words=WORDS)
    return Event(card.trace_id, card.card_id, card.state, _title(card), f"{body}\n")


def harmless(text: str) -> str:
    """A shop text as one short line without markup for mail or chat."""
    line = one_line(text)
    short = line if len(line) <= LONGEST_NAME else line[: LONGEST_NAME - 1] + "…"
    return DOT_IN_WORD.sub("\u2024", short.translate(HARMLESS))


def amounts(values: str) -> str:
    """Amounts per currency, whose code is a shop text too."""
    pairs = (value.rpartition(" ") for value in values.split(", "))
    return ", ".join(f"{harmless(code)} {amount}" for code, _, amount in pairs)


FILES.filters |= {"harmless": harmless, "amounts": amounts}
ALERT = FILES.get_template("notify/templates/alert.md")


def _title(card: Card) -> str:
    number = "" if card.value is None else f": {card.value:,} {card.unit}"
    limit = f" (alert {card.alert_text})" if card.state == "alert" else ""
    return f"{WORDS[card.state]} {card.title}{number}{limit}"


def _published_cards(target: Warehouse) -> list[Card]:
    if not target.published_marts.exists():
        return []
    built_at = _built_at(target.published_manifest)
    columns = ", ".join(CARD_COLUMNS)
    rows = records_of(target.published_marts, f"select {columns} from cards.card_values")
    return [Card(**row, measured_at=built_at) for row in rows]


def _missing_cards(target: Warehouse, now: datetime) -> list[Card]:
    columns = ", ".join(STATE_COLUMNS)
    missing = f"select {columns} from cards.card_values where state = 'missing_data'"
    rows = records_of(target.marts, missing)
    return [Card(**row, measured_at=now, is_published=False) for row in rows]


def _built_at(manifest: Path) -> datetime:
    try:
        moment = datetime.fromisoformat(json.loads(manifest.read_text("utf-8"))["built_at"])
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"{shown(manifest)} cannot be read; run `python -m pipelines publish`."
        ) from error
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
