"""Prints the published card values."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.console import one_line, table_of
from pipelines.duck import Record, records_of, sql
from pipelines.settings import InputError, Warehouse, shown

HEADLINE = "ecom_customers_absent_from_d365_customer_master"
STYLES = {"alert": "bold red", "ok": "green", "missing_data": "bold yellow"}


def print_cards(target: Warehouse, console: Console) -> None:
    """Raises InputError if nothing is published."""
    path = target.published_marts
    if not path.exists():
        raise InputError(f"{shown(path)}: nothing is published yet; run `make run`.")
    cards = records_of(path, sql("publish/sql/newest_cards.sql"))
    first = records_of(path, sql("publish/sql/first_of_the_worklist.sql"))
    if not cards:
        raise InputError(f"{shown(path)} has no card; run `make run`.")
    console.print(f"\nAs of {cards[0]['as_of_date']}, published in {shown(path)}\n")
    headline = next((card for card in cards if card["card_id"] == HEADLINE), None)
    if headline:
        _print_headline(console, headline, first[0]["customer_name"] if first else None)
    console.print(_table(cards))
    for card in cards:
        # a set of an earlier version has no such column
        unrated = card.get("unrated_values") and f"without a rate: {card['unrated_values']}"
        for note in filter(None, (card["state_reason"], unrated)):
            console.print(Text(f"\n{card['title']}: {one_line(note)}"), soft_wrap=True)
    rejected = records_of(path, sql("publish/sql/rejected_by_reason.sql"))
    if rejected:
        listed = "worklist.rejected_records has source, key, column, value and reason"
        console.print(f"\n{_count(rejected[0]['total_count'])} values are refused; {listed}:")
    for row in rejected:
        console.print(Text(f"{_count(row['value_count']):>9}  {row['reason']}"), soft_wrap=True)


def _print_headline(console: Console, card: Record, largest: str | None) -> None:
    currency = card["reporting_currency_code"]
    console.print(Text(card["title"], "bold"))
    unit = card["unit"].removesuffix("s") if card["value"] == 1 else card["unit"]
    console.print(Text(f"  {_count(card['value'])} {unit}   ", "bold").append(_state(card)))
    if card["value"] is None:
        return
    start = card["as_of_date"] - timedelta(days=card["window_days"] - 1)  # in its time zone
    window = f"{start} to {card['as_of_date']}"
    name = f" ({one_line(largest)})" if largest else ""
    for label, value in (
        ("window", window),
        ("B2B / DTC", f"{_count(card['b2b_value'])} / {_count(card['dtc_value'])}"),
        ("blocked value", _money(card["reporting_value"], currency)),
        ("largest customer", _money(card["largest_customer_value"], currency) + name),
        ("also in Dataverse", _count(card["also_in_dataverse_value"], "not loaded")),
    ):
        console.print(f"  {label:<18} {value}", highlight=False, markup=False)
    console.print()


def _table(cards: list[Record]) -> Table:
    numbers = ("value", "before", "B2B", "DTC", "reporting value", "alert")
    table = table_of("card", "window", *numbers, "state", numbers=", ".join(numbers))
    for card in cards:
        table.add_row(
            card["title"],
            card["window_text"],
            _count(card["value"]),
            _count(card["previous_value"]),
            _count(card["b2b_value"]),
            _count(card["dtc_value"]),
            _money(card["reporting_value"], card["reporting_currency_code"]),
            card["alert_text"] or "–",
            _state(card),
        )
    return table


def _state(card: Record) -> Text:
    return Text(card["state"].upper(), STYLES.get(card["state"], "dim"))


def _count(value: Any, missing: str = "–") -> str:
    return missing if value is None else f"{value:,.0f}"


def _money(value: Decimal | None, currency: str) -> str:
    if value is None:
        return "–"
    return f"${value:,.2f}" if currency == "USD" else f"{currency} {value:,.2f}"
