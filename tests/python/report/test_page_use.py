"""Using the list: search, sort, filters, details, copy and file, by mouse and keyboard."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from opened_page import OpenedPage
from playwright.sync_api import expect
from published_world import CUSTOMERS, Customer, World, customer_id

Opened = Callable[..., OpenedPage]
NAMES = [one.name for one in CUSTOMERS]
SHOWN = {
    "segment_code": ("DTC", ["Rosa Büchner", "Noor Haddad"], "USD 1,200.20"),
    "destination": ("ambiguous: catr or ustr", ["Cascade Trail"], "USD 1,200.10"),
    "primary_reason": ("validation_failed", ["Southern Cross Imports"], "USD 5,480.00"),
    "owner": ("Integration team", ["Rosa Büchner", "Noor Haddad"], "USD 1,200.20"),
}


@pytest.fixture
def page(opened: Opened) -> OpenedPage:
    return opened()


def open_row(page: OpenedPage, name: str) -> str:
    """The text of a customer's details."""
    page.page.get_by_role("button", name=name, exact=True).click()
    return page.text("td.behind")


@pytest.mark.parametrize("text", ["büchner", "purchasing@harborline", f"c{2:032x}"])
def test_search_finds_names_addresses_and_ids(page: OpenedPage, text: str) -> None:
    wanted = "Rosa Büchner" if text == "büchner" else "Harborline Supply Co."
    page.page.get_by_label("Search").fill(text)
    page.wait_for_rows(1)
    assert page.names() == [wanted]
    assert page.text("#chosen").startswith("1 of 6 rows")


def test_the_first_click_after_a_search_opens_the_row(page: OpenedPage) -> None:
    """Leaving the search field must not redraw the list during the click."""
    page.page.get_by_label("Search").fill("büchner")
    page.wait_for_rows(1)
    assert "Do not_created." in open_row(page, "Rosa Büchner")


@pytest.mark.parametrize("name", SHOWN)
def test_each_filter(page: OpenedPage, name: str) -> None:
    value, names, total = SHOWN[name]
    page.page.locator(f'[data-filter="{name}"]').select_option(value)
    assert page.names() == names
    assert f"{len(names)} of 6 rows, {total} blocked" in page.text("#chosen")
    page.page.get_by_role("button", name="Reset").click()
    page.wait_for_rows(6)
    assert "6 of 6 rows, USD 35,930.30 blocked" in page.text("#chosen")


def test_filters_together(page: OpenedPage) -> None:
    page.page.locator('[data-filter="segment_code"]').select_option("DTC")
    page.page.locator('[data-filter="destination"]').select_option("CA Trade ULC")
    assert page.names() == ["Rosa Büchner"]
    page.page.locator('[data-filter="owner"]').select_option("AR team")
    assert page.names() == []
    assert "No customer matches" in page.text("#worklist")
    assert page.text("#chosen") == "0 of 6 rows, USD 0.00 blocked"


def test_sorting_by_value_and_by_name(page: OpenedPage) -> None:
    value = page.page.locator("#worklist thead th", has_text="Blocked value")
    value.click()
    expect(value).to_have_attribute("aria-sort", "ascending")
    ascending = ["Noor Haddad", "Cascade Trail", "Rosa Büchner", "Southern Cross Imports"]
    assert page.names()[:4] == ascending, "as numbers, not as text"
    value.click()
    expect(value).to_have_attribute("aria-sort", "descending")
    assert page.names()[0] == "Wholesale-X"
    name = page.page.locator("#worklist thead th", has_text="Customer")
    name.click()
    expect(name).to_have_attribute("aria-sort", "ascending")
    assert page.names() == sorted(NAMES)


def test_details_show_the_orders(page: OpenedPage) -> None:
    text = open_row(page, "Wholesale-X")
    assert page.cells('.panel table:has(caption:text-is("Orders"))') == [
        ["S-#D1-1", "Shopify dtc-us", "2026-04-13 03:00", "PAID", "US", "USD 9,200.00", "9,200.00",
         "blocked"],
        ["S-#D1-0", "Shopify dtc-us", "2026-04-13 04:00", "PAID", "US", "USD 9,200.00", "9,200.00",
         "blocked"],
    ]  # fmt: skip
    for part in ("Do in_dataverse_not_promoted.", "AR team", "ap@wholesale-x.test", "dv-1",
                 "No company", "USD 18,400.00 in 2 of 2 orders", "passes validation"):  # fmt: skip
        assert part in text
    assert "Harborline Supply Co." in text, "the candidate duplicate"


def test_details_show_what_d365_would_reject(page: OpenedPage) -> None:
    open_row(page, "Southern Cross Imports")
    assert page.cells('.panel table:has(caption:text-is("What D365 would reject"))') == [
        ["tax id", "TaxExemptNumber", "Too long (at most 20)", "empty"]
    ]


def test_details_show_the_keys_that_were_tried(page: OpenedPage) -> None:
    open_row(page, "Wholesale-X")
    assert page.cells('.panel table:has(caption:text-is("Keys that were tried"))') == [
        ["US Trade Inc", "*.email", "ap@wholesale-x.test", "PrimaryContactEmail",
         "Only in Dataverse: dv-1"],
        ["US Trade Inc", "*.tax_id", "none", "TaxExemptNumber", "–"],
    ]  # fmt: skip


def test_details_show_near_matches_and_missing_rates(page: OpenedPage) -> None:
    text = open_row(page, "Harborline Supply Co.")
    assert "Harborline Supply Co. (old) US-0231 ustr 0.9876 same tax number" in text
    page.page.get_by_role("button", name="Harborline Supply Co.", exact=True).click()
    assert page.page.locator("td.behind").count() == 0
    text = open_row(page, "Noor Haddad")
    assert text.count("AED 600.00 no rate") == 3
    assert "Nowhere: not in Dataverse" in text


def test_a_near_match_offers_the_command_that_decides(page: OpenedPage) -> None:
    """A click copies it; every row offers to set it aside."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_row(page, "Harborline Supply Co.")
    start = f"python -m pipelines decide {customer_id(2)}"
    commands = page.page.locator("td.behind button.command")
    assert commands.all_inner_texts() == [
        f"{start} set_aside_until YYYY-MM-DD",
        f"{start} same_as ustr US-0231",
        f"{start} not_same ustr US-0231",
    ]
    commands.nth(1).click()
    expect(commands.nth(1)).to_contain_text("copied")
    copied = page.page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{start} same_as ustr US-0231"


@pytest.mark.parametrize(
    ("account", "shown"),
    [
        ("US 0231", "same_as ustr 'US 0231'"),
        ("$(rm -rf ~)`id`;#", "same_as ustr '$(rm -rf ~)`id`;#'"),
        ("x'; rm -rf ~ #", "write it into onboarding_decisions.csv"),
        ("x\nrm -rf ~", "write it into onboarding_decisions.csv"),
    ],
)
def test_a_command_runs_nothing_of_an_id(opened: Opened, account: str, shown: str) -> None:
    page = opened(World(customers=(Customer("Acme", has_near_match=True, account=account),)))
    open_row(page, "Acme")
    assert shown in page.text("td.behind")
    for command in page.page.locator("td.behind button.command").all_inner_texts():
        assert "rm -rf" not in re.sub("'[^']*'", "", command)


def test_the_keys_that_were_tried_link_to_where_to_look(opened: Opened) -> None:
    """Only an address of the web is a link; without one there is no column."""
    links = "https://shop.test/customers/1, https://d.test/?cmp=us&mi=CustTableListPage, "
    links += "https://crm.test/main.aspx?id=1"
    hostile = f"javascript:ran=1, data:text/html,x, {links}"
    page = opened(World(customers=(Customer("Acme", where_to_look=hostile), Customer("Bo"))))
    open_row(page, "Acme")
    found = page.page.locator("td.behind a[href]").all()
    assert [(one.inner_text(), one.get_attribute("href")) for one in found[:3]] == list(
        zip(("Shop", "D365", "Dataverse"), links.split(", "), strict=True)
    )
    assert len(found) == 6, "three of each of two keys"
    assert {one.get_attribute("rel") for one in found} == {"noopener noreferrer"}
    page.page.get_by_role("button", name="Acme", exact=True).click()
    assert "Where to look" not in open_row(page, "Bo")
    assert page.requests == []
    assert page.complaints == []


def test_who_is_set_aside_is_shown_apart(opened: Opened) -> None:
    """Counted and ranked, at the end, with date and note; a decision that does nothing is first."""
    first = replace(CUSTOMERS[0], set_aside_until=date(2026, 5, 1))
    page = opened(World(customers=(first, *CUSTOMERS[1:])))
    assert page.names() == [*NAMES[1:], NAMES[0]]
    assert "6 of 6 rows, USD 35,930.30 blocked" in page.text("#chosen")
    assert "1 of them are set aside" in page.text("#worklist-section")
    assert page.cells("#worklist")[-1][:2] == [
        "1",
        "Wholesale-X Set aside until 1 May 2026: credit check",
    ]
    assert "Set aside until 1 May 2026: credit check." in open_row(page, "Wholesale-X")
    assert "Decisions: 2, of which 1 do nothing" in page.text("summary:has-text('Decisions')")
    page.page.locator("summary", has_text="Decisions").click()
    assert page.cells("#decisions") == [
        ["Wholesale-X", "The same as ustr US-9", "ann, 2026-04-12", "D365 has no such customer there"],
        ["Wholesale-X", "Set aside until 2026-05-01", "ann, 2026-04-12, credit check", "In force"],
    ]  # fmt: skip
    page.page.get_by_label("Search").fill("credit check")
    page.wait_for_rows(1)


def mart_rows(report: Path, where: str) -> tuple[list[str], list[list[str]]]:
    sql = f"""select columns(c -> c <> 'worklist_key')::varchar from worklist.onboarding_worklist
        where {where} order by worklist_rank"""
    with duckdb.connect(str(report.with_name("marts.duckdb")), read_only=True) as con:
        cursor = con.execute(sql)
        names = [column[0] for column in cursor.description]
        return names, [["" if cell is None else cell for cell in row] for row in cursor.fetchall()]


def test_the_file_is_the_mart(page: OpenedPage, written: Callable[[World], Path]) -> None:
    """Every column in the order of the contract, every filtered row."""
    page.page.locator('[data-filter="segment_code"]').select_option("B2B")
    with page.page.expect_download() as download:
        page.page.get_by_role("button", name="Download CSV").click()
    raw = download.value.path().read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "without the BOM Excel misreads the letters"
    names, *rows = csv.reader(raw.decode("utf-8-sig").splitlines())
    wanted_names, wanted = mart_rows(written(World()), "segment_code = 'B2B'")
    assert names == wanted_names
    assert rows == wanted
    assert download.value.suggested_filename.endswith("12_Apr_2026.csv")


def test_copy_is_the_same_with_tabs(page: OpenedPage, written: Callable[[World], Path]) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.page.get_by_role("button", name="Copy").click()
    page.page.get_by_text("Copied").wait_for()
    text = page.page.evaluate("navigator.clipboard.readText()")
    names, *rows = csv.reader(text.splitlines(), delimiter="\t")
    wanted_names, wanted = mart_rows(written(World()), "true")
    assert names == wanted_names
    assert rows == wanted


def test_a_refused_copy_says_so(page: OpenedPage) -> None:
    page.page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }"
    )
    page.page.get_by_role("button", name="Copy").click()
    page.page.get_by_text("download the CSV").wait_for()


def test_by_keyboard(page: OpenedPage) -> None:
    keyboard = page.page.keyboard
    keyboard.press("Tab")
    assert page.page.evaluate("document.activeElement.textContent") == "Skip to the cards"
    keyboard.press("Enter")
    assert page.page.evaluate("document.activeElement.id") == "main"
    opener = page.page.get_by_role("button", name="Wholesale-X", exact=True)
    for _ in range(60):
        if opener.evaluate("one => one === document.activeElement"):
            break
        keyboard.press("Tab")
    assert opener.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    keyboard.press("Enter")
    assert opener.get_attribute("aria-expanded") == "true"
    assert page.page.locator("td.behind").is_visible()
    keyboard.press("Space")
    assert opener.get_attribute("aria-expanded") == "false"
    assert page.page.locator("td.behind").count() == 0
    header = page.page.locator("#worklist thead th", has_text="Customer")
    header.locator("[tabindex='0']").focus()
    keyboard.press("Enter")
    expect(header).to_have_attribute("aria-sort", "ascending")


def test_print_shows_the_list_without_its_controls(page: OpenedPage) -> None:
    page.page.emulate_media(media="print")
    assert page.page.locator("#worklist").is_visible()
    assert page.page.get_by_role("cell", name="Integration team").first.is_visible()
    for control in ("#filters", ".dt-buttons", ".dt-paging", "nav >> nth=0"):
        assert not page.page.locator(control).first.is_visible(), control
    assert page.page.get_by_text("1 only in the headline").is_visible(), "a count is not a control"


def test_a_customer_without_a_name_or_an_address(opened: Opened) -> None:
    page = opened(World(customers=(Customer(None, email=None),), history_days=1))
    assert page.names() == ["without a name"]
    text = open_row(page, "without a name")
    assert "E-mail none" in text
    assert "null" not in page.text("main")


# wider text spacing (WCAG 1.4.12), also with the widest common fonts, DejaVu and Verdana
WIDER = "* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"


@pytest.mark.parametrize("style", ["*{}", WIDER], ids=["own font", "wider font"])
@pytest.mark.parametrize("width", [320, 390, 768, 1400])
def test_nothing_is_wider_than_the_screen(opened: Opened, width: int, style: str) -> None:
    page = opened(viewport={"width": width, "height": 800}, bypass_csp=True).page
    page.add_style_tag(content=style)
    page.locator("button.opener").first.click()
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
