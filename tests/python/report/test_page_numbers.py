"""The page shows the numbers of the published file, and missing ones in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from opened_page import OpenedPage
from published_world import CUSTOMERS, TWIN, Customer, World, registry

from pipelines.publish.cards import HEADLINE
from pipelines.report.content import card_texts

ORDERS_CARD = "commerce_orders_without_business_central_sales_order"
INVOICE_CARD = "ecom_orders_missing_d365_free_text_invoice"
MISSING = {HEADLINE: ("missing_data", "customer master of ustr empty")}
OTHERS = {
    ORDERS_CARD: ("missing_data", "customer master of catr shrunk"),
    INVOICE_CARD: ("not_available", "needs commerce and d365_fo, not loaded"),
}

Opened = Callable[..., OpenedPage]


def query(report: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(report.with_name("marts.duckdb")), read_only=True) as con:
        return con.execute(sql).fetchall()


def card(card_id: str) -> str:
    return f'[data-card="{card_id}"]'


def test_every_card_shows_its_row(opened: Opened, written: Callable[[World], Path]) -> None:
    page = opened()
    rows = query(
        written(World()), "select card_id, value, alert_text, state from cards.card_values"
    )
    assert len(rows) == 7
    for card_id, value, alert_text, state in rows:
        assert page.text(f"{card(card_id)} [data-value]") == f"{value:,}"
        words = {"ok": "OK", "alert": "Alert"}[state]
        assert page.text(f"{card(card_id)} [data-state]") == words
        limit = f"alert {alert_text}" if alert_text else "no alert on this card"
        assert page.text(f"{card(card_id)} [data-threshold]") == limit


def test_the_headline_in_figures(opened: Opened) -> None:
    page = opened()
    figure = '[data-figure="{}"]'.format
    assert (
        page.text(figure("blocked"))
        == "USD 35,930.30 1 with orders that have no rate: AED 1,800.00"
    )
    assert page.text(f"#headline {figure('segments')}") == "4 / 2"
    assert page.text(figure("largest")) == "USD 18,400.00 Wholesale-X"
    assert page.text(figure("dataverse")) == "1"
    assert page.text(f"#headline {figure('before')}") == "4 on 5 Apr 2026 (+2)"


def test_the_split_adds_up_to_the_headline(opened: Opened) -> None:
    page = opened()
    for title in ("By segment", "By platform", "By expected legal entity"):
        rows = page.cells(f'#headline table:has(caption:text-is("{title}"))')
        numbers = [row[1] for row in rows]
        values = [re.match(r"[\d,]+\.\d\d", row[2]) for row in rows]
        total = sum(Decimal(value[0].replace(",", "")) for value in values if value)
        assert sum(int(number) for number in numbers) == len(CUSTOMERS), title
        assert total == Decimal("35930.30"), title


def test_a_value_without_any_rate_is_no_zero(opened: Opened) -> None:
    page = opened(World(customers=(Customer("Noor Haddad", None),), history_days=1))
    said = "no rate 1 with orders that have no rate: AED 1,800.00"
    assert page.text('[data-figure="blocked"]') == said
    assert page.text("#chosen") == "1 of 1 rows, no rate blocked, 1 with orders that have no rate"
    assert page.text('[data-figure="largest"]') == "no rate Noor Haddad"
    for title in ("By segment", "By platform", "By expected legal entity"):
        rows = page.cells(f'#headline table:has(caption:text-is("{title}"))')
        assert [row[1:] for row in rows] == [["1", "no rate"]]


def test_the_twin_says_whose_value_is_without_a_rate(opened: Opened) -> None:
    rows = opened().cells(f"{card(TWIN)} table:has(caption:text-is('Breakdown'))")
    both, only_headline = (row[1:] for row in rows)
    assert both == ["5", "17,530.30 1 without a rate"]
    assert only_headline == ["1", "18,400.00"]


def test_largest_customers(opened: Opened) -> None:
    rows = opened().cells("#top-customers")
    assert rows[0] == ["Wholesale-X", "B2B", "18,400.00"]
    assert rows[-1] == ["Noor Haddad", "DTC", "no rate"]


def test_the_worklist_is_the_mart_in_its_order(
    opened: Opened, written: Callable[[World], Path]
) -> None:
    rows = query(
        written(World()),
        "select cast(worklist_rank as varchar), customer_name, segment_code, owner "
        "from worklist.onboarding_worklist order by worklist_rank",
    )
    shown = opened().cells("#worklist")
    assert [(row[0], row[1].split(" B2B")[0], row[2], row[8]) for row in shown] == rows
    assert [row[6] for row in shown] == [
        "USD 18,400.00", "USD 9,650.00", "USD 5,480.00", "USD 1,200.10", "USD 1,200.20",
        "no rate (AED 1,800.00)",
    ]  # fmt: skip
    assert [row[3] for row in shown] == [
        "US Trade Inc", "US Trade Inc", "unmapped", "ambiguous: catr or ustr", "CA Trade ULC",
        "US Trade Inc",
    ]  # fmt: skip


def test_when_and_by_which_run(opened: Opened) -> None:
    text = opened().text("body")
    for part in ("As of 12 Apr 2026", "published 13 Apr 2026 05:06 UTC", "run-of-the-test"):
        assert part in text
    for one in registry():
        assert f"trace-{one['card_id']}" in text


def test_the_trend_is_the_history(opened: Opened, written: Callable[[World], Path]) -> None:
    page = opened()
    sql = (
        "select strftime(as_of_date, '%-d %b %Y'), coalesce(value::varchar, 'not measured') "
        f"from cards.card_history where card_id = '{HEADLINE}' order by as_of_date desc"
    )
    page.page.locator(f"{card(HEADLINE)} .trend:not(.money) summary").click()
    assert [tuple(row) for row in page.cells(f"{card(HEADLINE)} .trend:not(.money)")] == query(
        written(World()), sql
    )
    chart = page.page.locator(f"{card(HEADLINE)} .trend:not(.money) .chart")
    assert "29 days" in chart.get_attribute("aria-label")
    line = chart.locator("g.mark-line path").get_attribute("d")
    assert line.count("M") == 2, "the day without a measurement must break the line"
    caption = page.text(f"{card(HEADLINE)} .trend:not(.money) figcaption")
    assert "1 day without a measurement" in caption


def test_one_day_is_no_trend(opened: Opened) -> None:
    page = opened(World(history_days=1))
    assert page.page.locator(".trend svg").count() == 0
    assert "a trend needs a second day" in page.text(f"{card(HEADLINE)} figcaption")


@pytest.mark.parametrize("card_id", OTHERS)
def test_a_card_without_a_number_says_so(opened: Opened, card_id: str) -> None:
    page = opened(World(states=OTHERS, history_days=1))
    state, reason = OTHERS[card_id]
    panel = page.text(card(card_id))
    words = {"missing_data": "Missing data", "not_available": "Not available"}[state]
    assert page.text(f"{card(card_id)} [data-value]") == words
    assert reason in panel
    numbers = page.page.locator(f"{card(card_id)} :is([data-figure], td)")
    assert numbers.count() == 0 or "0" not in numbers.all_inner_texts()


def test_a_headline_without_a_number_shows_no_zero_and_no_list(opened: Opened) -> None:
    page = opened(World(states=MISSING, history_days=1))
    assert page.text("#headline [data-value]") == "Missing data"
    text = page.text("#headline")
    assert "customer master of ustr empty" in text
    assert "does not mean that no one is absent" in text
    assert page.page.locator("#headline [data-figure]").count() == 0
    assert page.page.locator("#worklist").count() == 0
    assert "it is unknown who is absent" in page.text("#worklist-section")
    assert "Not available" in page.text("#differences")
    assert not page.complaints


def test_without_personal_data(opened: Opened, written: Callable[[World], Path]) -> None:
    world = World(has_people=False, history_days=1)
    page = opened(world)
    assert page.text("#headline [data-value]") == str(len(CUSTOMERS))
    assert "Customers are left out" in page.text("#worklist-section")
    source = written(world).read_text("utf-8")
    for one in CUSTOMERS:
        assert one.name not in source
        assert not one.email or one.email not in source
    assert not page.complaints


def test_nobody_absent(opened: Opened) -> None:
    page = opened(World(customers=(), history_days=1))
    assert page.text("#headline [data-value]") == "0"
    assert "No one is absent" in page.text("#worklist-section")
    assert page.page.locator("#worklist").count() == 0
    assert not page.complaints


def test_without_scripts_the_cards_are_complete(opened: Opened) -> None:
    page = opened(java_script_enabled=False)
    assert page.text("#headline [data-value]") == str(len(CUSTOMERS))
    assert "The list needs JavaScript" in page.text("#worklist-section")
    assert not page.page.locator("#filters").is_visible()


def test_why_another_number_may_differ(opened: Opened) -> None:
    page = opened()
    assert page.cells("#twin") == [
        ["both", "5"],
        ["the headline only", "1"],
        ["the twin only", "0"],
    ]
    reasons = page.cells("#reasons > ")
    assert [row[0] for row in reasons][:3] == [
        "Another key of the field map", "Sync timing", "A Dataverse row taken for a customer",
    ]  # fmt: skip
    assert reasons[1][2] == "no one"
    assert reasons[2][2] == "1 only in the headline"
    assert page.cells("#sensitivity")[1][:3] == ["e-mail", "7", "+1"]
    assert "2 orders, USD 20.00" in page.text("#unidentifiable")
    assert page.cells("#duplicates") == [["Wholesale-X", "Harborline Supply Co.", "e-mail"]]


def test_freshness_and_guard(opened: Opened) -> None:
    page = opened()
    assert page.text('[data-figure="flow-health"]') == (
        "Without retries 5 flows off 1 suspended 2 stale 3 gaps in the record 0"
    )
    assert [row[2] for row in page.cells("#masters")] == ["Stale", "OK"]
    assert page.cells("#stores") == [
        ["b2b-us", "BigCommerce", "9", "11 Apr 2026 04:00 UTC"],
        ["dtc-us", "Shopify", "3", "13 Apr 2026 03:00 UTC"],
    ]
    assert page.cells("#flows") == [
        ["Create customer", "Suspended", "none recorded", "none recorded"]
    ]
    assert page.cells("#rejected") == [["None rejected."]]


def test_every_card_of_the_registry_has_its_text() -> None:
    texts = card_texts()
    for one in registry():
        assert "Counts" in texts[one["card_id"]], one["card_id"]
    assert TWIN in texts
