"""20,000 rows: the file stays small, and the browser renders one page of them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from opened_page import OpenedPage
from published_world import Customer, World

ROWS = 20_000
BOUND = 12_000_000  # bytes; docs/report.md has the size for the same rows
REASONS = (
    "not_created",
    "validation_failed",
    "in_dataverse_not_promoted",
    "possible_key_mismatch",
)


def many(rows: int) -> World:
    """Customers of every reason, one to three orders each, no two alike."""
    return World(
        customers=tuple(
            Customer(
                name=f"Customer {number:05d} & Söhne",
                value=Decimal(2_000_000_00 - number * 97) / 100,
                segment=("B2B", "DTC")[number % 2],
                entity=("ustr", "catr")[number % 3 == 0],
                reason=REASONS[number % 4],
                order_count=1 + number % 3,
                has_failure=number % 4 == 1,
                is_in_dataverse=number % 4 == 2,
                has_near_match=number % 4 == 3,
                email=f"customer{number}@example-{number % 500}.test",
            )
            for number in range(rows)
        ),
        history_days=1,
    )


def test_twenty_thousand_rows(
    opened: Callable[..., OpenedPage], written: Callable[[World], Path]
) -> None:
    world = many(ROWS)
    assert written(world).stat().st_size < BOUND
    page = opened(world)
    assert page.text("#chosen").startswith("20,000 of 20,000 rows")
    assert page.page.locator("#worklist tbody tr").count() == 25
    assert page.page.evaluate("document.querySelectorAll('*').length") < 5_000
    page.page.get_by_label("Search").fill("customer19999@example")
    page.wait_for_rows(1)
    page.page.locator("button.opener").click()
    assert "#D20000-0" in page.text("td.behind")
    page.page.get_by_role("button", name="Reset").click()
    page.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_rows(250)
    page.page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.wait_for_rows(25)
    assert page.complaints == []
