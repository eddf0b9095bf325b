"""One message for one cause: printed cards, page and alert show the same text."""

from __future__ import annotations

import html
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from published_world import TWIN, World, write_published
from rich.console import Console

from pipelines.notify.alerts import event_of, read_cards
from pipelines.publish.cards import HEADLINE, print_cards
from pipelines.report import write_report
from pipelines.settings import Warehouse

STALE = (
    "orders have stopped coming from shopify dtc-us (last delivered 2026-04-10 12:59 UTC): deliver "
    "a newer file, or take the store out of scope in field_map_stores"
)
MISSING = (
    "not loaded: d365_fo.free_text_invoices, d365_fo.sales_orders; deliver their extracts or "
    "configure their API"
)
NOTE = (
    "no D365 document was looked at (not loaded: d365_fo.free_text_invoices, "
    "d365_fo.sales_orders), so blocked value counts every order"
)
ORDERS_CARD = "commerce_orders_without_business_central_sales_order"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A published headline without a number, a card that is not available, a twin with a note."""
    states = {HEADLINE: ("missing_data", STALE), ORDERS_CARD: ("not_available", MISSING)}
    target = write_published(tmp_path_factory.mktemp("world") / "w", World(states=states))
    with duckdb.connect(str(target.published / "marts.duckdb")) as con:
        con.execute("update cards.card_values set state_reason = ? where card_id = ?", [NOTE, TWIN])
    return target


def seen_on_the_page(path: Path) -> str:
    """The text of the page, without its markup."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", path.read_text("utf-8")))
    return " ".join(text.split())


def test_printed_cards_page_and_alert_say_the_same(published: Warehouse) -> None:
    printed = io.StringIO()
    print_cards(published, Console(file=printed, width=80))
    page = seen_on_the_page(write_report(published))
    cards = {card.card_id: card for card in read_cards(published, datetime.now(UTC))}
    for card_id, reason in ((HEADLINE, STALE), (ORDERS_CARD, MISSING), (TWIN, NOTE)):
        assert reason in printed.getvalue(), card_id
        assert reason in page, card_id
    for card_id, reason in ((HEADLINE, STALE), (TWIN, NOTE)):
        assert reason in event_of(cards[card_id], None, [], None).body, card_id


def test_a_published_card_without_data_does_not_say_that_nothing_was_published(
    published: Warehouse,
) -> None:
    cards = {card.card_id: card for card in read_cards(published, datetime.now(UTC))}
    assert "Nothing was published" not in event_of(cards[HEADLINE], None, [], None).body


def test_what_is_not_loaded_is_a_word_and_no_number(published: Warehouse, tmp_path: Path) -> None:
    target = write_published(tmp_path / "w", World())
    with duckdb.connect(str(target.published / "marts.duckdb")) as con:
        con.execute("update cards.card_values set also_in_dataverse_value = null")
        con.execute("update worklist.onboarding_worklist set posted_value_reporting = null")
        con.execute(
            "insert into worklist.onboarding_reconciliation (reason, effect, party_key, "
            "customer_name, detail) values ('dataverse_staging', 'not_loaded', '(not loaded)', "
            "'(not loaded)', 'accounts and contacts of Dataverse are not loaded')"
        )
    printed = io.StringIO()
    print_cards(target, Console(file=printed, width=80))
    assert "also in Dataverse  not loaded" in printed.getvalue()
    page = seen_on_the_page(write_report(target))
    assert "Also in Dataverse" not in page
    assert "treats a Dataverse account or contact as a D365 customer not loaded" in page
