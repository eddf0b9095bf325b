"""The page of the samples: the numbers of the published marts; test tables like the real ones."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from golden_sample import BuiltSample
from opened_page import OpenedPage
from playwright.sync_api import Browser
from published_world import contracts

from pipelines.report import write_report
from pipelines.report.published import QUERIES
from pipelines.settings import Warehouse

FIELD_MAPS = {
    "worked_example": None,
    "business_central": "samples/business_central/field_map",
}
MARTS = "published/marts.duckdb"


@pytest.fixture(params=FIELD_MAPS)
def sample(request: pytest.FixtureRequest, build_sample: Callable[..., BuiltSample]) -> BuiltSample:
    return build_sample(request.param, FIELD_MAPS[request.param])


def test_the_page_says_what_is_published(
    sample: BuiltSample, tmp_path: Path, browser: Browser
) -> None:
    shutil.copytree(sample.folder / "published", tmp_path / "published", symlinks=True)
    page = OpenedPage(browser, write_report(Warehouse(tmp_path)))
    for card in sample.rows("select * from cards.card_values", MARTS):
        panel = f'[data-card="{card["card_id"]}"]'
        if card["value"] is None:
            shown = {"missing_data": "Missing data", "not_available": "Not available"}[
                card["state"]
            ]
            assert card["state_reason"] in page.text(panel)
        else:
            shown = f"{card['value']:,}"
        assert page.text(f"{panel} [data-value]") == shown
    headline = sample.rows("select * from cards.card_values where card_order = 1", MARTS)[0]
    assert f"USD {headline['reporting_value']:,.2f}" in page.text('[data-figure="blocked"]')
    rows = sample.rows("from worklist.onboarding_worklist order by worklist_rank", MARTS)
    assert page.names() == [row["customer_name"] for row in rows]
    for opener in page.page.locator("button.opener").all():
        opener.click()
    orders = sample.rows("select order_reference from worklist.onboarding_orders", MARTS)
    shown = page.page.locator("td.behind tbody tr td:first-child").all_inner_texts()
    assert {row["order_reference"] for row in orders} <= set(shown)
    assert page.requests == []
    assert page.complaints == []
    page.close()


def test_the_tables_of_the_page_tests_are_the_published_ones(worked_example: BuiltSample) -> None:
    """tests/python/report creates its tables from the contracts, dbt from the models."""
    made = {
        (schema, table, column.split('"')[1])
        for (schema, table), columns in contracts().items()
        for column in columns
    }
    published = {
        (row["schema_name"], row["table_name"], row["column_name"])
        for row in worked_example.rows(
            "from duckdb_columns() where not internal and table_name != 'data_dictionary'", MARTS
        )
    }
    tables = {(schema, table) for schema, table, _ in published}
    assert {one for one in made if one[:2] in tables} == published
    sql = "\n".join(path.read_text("utf-8") for path in Path(str(QUERIES)).rglob("*.sql"))
    asked = set(re.findall(r"(?:from|join) (cards|worklist)\.(\w+)", sql))
    assert len(asked) > 20 and asked <= tables, asked - tables
