"""What the number means, what changed since the day before, and the pictures of the headline."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from opened_page import NARROW, OpenedPage
from published_world import CUSTOMERS, NAMES, Customer, World

from pipelines.publish.cards import HEADLINE

Opened = Callable[..., OpenedPage]
BY_DAY = "Blocked value by order day"
BY_AGE = "Blocked value by days open"
BY_ENTITY = "Blocked value by legal entity and segment"


def picture(title: str) -> str:
    return f'[data-picture="{title}"]'


def values(page: OpenedPage, title: str) -> list[list[str]]:
    """The table behind a picture."""
    page.page.locator(f"{picture(title)} summary").click()
    return page.cells(picture(title))


def test_the_number_says_of_how_many_and_of_how_much(opened: Opened) -> None:
    """6 of 6; 35,930.30 of 95,930.30: the order of a present customer counts, too."""
    assert opened().text('[data-figure="meaning"]') == (
        "6 of the 6 customers who ordered in these 7 days (100 %) are missing from the customer "
        "master, so their orders cannot be booked. That blocks 37 % of the order value of these "
        "7 days, USD 95,930.30 (without 3 orders that have no rate)."
    )


def test_without_any_rate_there_is_no_share_of_the_value(opened: Opened) -> None:
    page = opened(World(customers=(Customer("Noor Haddad", None),), history_days=1))
    assert page.text('[data-figure="meaning"]') == (
        "1 of the 1 customers who ordered in these 7 days (100 %) is missing from the customer "
        "master, so their orders cannot be booked."
    )


def test_what_changed_since_the_day_before(opened: Opened) -> None:
    assert opened().text('[data-figure="changes"]') == (
        "Since 11 Apr 2026: 1 new (18,400.00), 1 solved (500.00), 1 grown (50.00), "
        "1 no longer counted (500.00)."
    )
    first = opened(World(history_days=1))
    assert "no earlier day to compare with" in first.text('[data-figure="changes"]')


def test_blocked_value_by_order_day(opened: Opened) -> None:
    """Every day of the window, a day without an order too."""
    page = opened()
    rows = values(page, BY_DAY)
    assert [row[0] for row in rows] == [f"{day} Apr" for day in range(6, 13)]
    assert rows[4][1:] == ["9", "35,930.30 3 without a rate"]
    assert {tuple(row[1:]) for row in rows[:4] + rows[5:]} == {("0", "0.00")}
    assert "10 Apr 35,930.30 + no rate" in page.page.locator(
        f"{picture(BY_DAY)} .chart"
    ).get_attribute("aria-label")


def test_blocked_value_by_days_open(opened: Opened) -> None:
    rows = values(opened(), BY_AGE)
    assert [row[0] for row in rows] == ["0–1 days", "2–3 days", "4–7 days", "8–30 days"]
    assert rows[0][1:] == ["6", "35,930.30 1 without a rate"]


def test_the_largest_customers_hold_most(opened: Opened) -> None:
    """18,400 + 9,650 are 78 %, with the third 93 %; who has no rate is not compared."""
    page = opened()
    assert page.text(f"{picture('Pareto')} h3") == "3 of 5 customers have 80 % of the value"
    assert page.page.locator(f"{picture('Pareto')} svg").is_visible()


def test_blocked_value_by_entity_and_segment(opened: Opened) -> None:
    rows = values(opened(), BY_ENTITY)
    assert [row[:2] for row in rows] == [
        ["US Trade Inc, B2B", "2"], ["US Trade Inc, DTC", "1"], ["Unmapped, B2B", "1"],
        ["CA Trade ULC, DTC", "1"], ["Ambiguous: catr or ustr, B2B", "1"],
    ]  # fmt: skip
    assert rows[1][2] == "no rate"
    rated = (Decimal(row[2].replace(",", "")) for row in rows if row[2] != "no rate")
    assert sum(rated) == Decimal("35930.30")


def test_one_entity_and_one_customer(opened: Opened) -> None:
    page = opened(World(customers=CUSTOMERS[:1]))
    assert [row[0] for row in values(page, BY_ENTITY)] == ["US Trade Inc, B2B"]
    assert page.text(f"{picture('Pareto')} h3") == "1 of 1 customer has 80 % of the value"


def test_a_picture_without_any_rate_is_its_table(opened: Opened) -> None:
    page = opened(World(customers=(Customer("Noor Haddad", None),), history_days=1))
    assert page.page.locator(f"{picture(BY_ENTITY)} svg").count() == 0
    assert page.cells(picture(BY_ENTITY)) == [["US Trade Inc, DTC", "1", "no rate"]]
    assert page.page.locator(picture("Pareto")).count() == 0


def test_nobody_absent_has_no_picture(opened: Opened) -> None:
    page = opened(World(customers=(), history_days=1))
    assert page.page.locator(".picture").count() == 0
    assert page.page.locator('[data-figure="meaning"]').count() == 0


def test_without_personal_data_the_pictures_of_the_cards_stay(opened: Opened) -> None:
    page = opened(World(has_people=False))
    assert page.page.locator(picture(BY_DAY)).is_visible()
    assert page.page.locator(picture(BY_AGE)).count() == 0
    assert page.page.locator('[data-figure="changes"]').count() == 0
    assert not page.complaints


def test_the_value_has_its_own_trend(opened: Opened) -> None:
    page = opened()
    charts = page.page.locator(f'[data-card="{HEADLINE}"] .trend .chart')
    assert charts.count() == 2
    assert "Blocked value, 29 days" in charts.nth(1).get_attribute("aria-label")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_follow_the_colours_of_the_page(opened: Opened, scheme: str) -> None:
    page = opened(color_scheme=scheme, viewport=NARROW).page
    ink = page.evaluate("getComputedStyle(document.body).color")
    for name in (BY_DAY, BY_AGE, BY_ENTITY):
        for part in ("g.mark-rect path", "g.mark-text text"):
            colours = page.locator(f"{picture(name)} {part}").evaluate_all(
                "all => all.map(one => getComputedStyle(one).fill)"
            )
            assert set(colours) == {ink}, (name, part)


def test_the_pictures_are_printed(opened: Opened) -> None:
    page = opened()
    page.page.emulate_media(media="print")
    for name in (BY_DAY, BY_AGE, BY_ENTITY, "Pareto"):
        assert page.page.locator(f"{picture(name)} svg").is_visible()
        assert not page.page.locator(f"{picture(name)} summary").first.is_visible()


def test_a_hostile_name_of_an_entity_is_text_in_the_picture(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = '<img src=x onerror="window.ran=1">&"</text></svg>'
    monkeypatch.setitem(NAMES, "ustr", hostile)
    page = opened(World(history_days=2))
    assert "<img src=x" in page.page.locator(f"{picture(BY_ENTITY)} svg").text_content()
    assert page.page.evaluate("window.ran") is None
    assert page.page.locator("main img").count() == 0
    assert not page.complaints
