"""Untrusted names never run, and the page makes no network requests."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from opened_page import OpenedPage
from published_world import Customer, World

Opened = Callable[..., OpenedPage]
HOSTILE = (
    '<img src=x onerror="window.ran=1">',
    "</script><script>window.ran=1</script>",
    '"><svg onload=window.ran=1>',
    'O\'Brien & Sons <b>"bold"</b>',
    "&lt;img src=x onerror=window.ran=1&gt; & <img src=y onerror=window.ran=1>",
    "<!-- <script> never closed",
    "{{ 7 * 7 }}{% raw %}",
    "${window.ran=1}",
    "\u202eevil\u202c name",
    "line\u2028and\u2029paragraph",
    '<a href="http://127.0.0.1:9/steal">look</a><link rel=stylesheet href=http://127.0.0.1:9/>',
)
FORMULAS = (
    '=HYPERLINK("http://x")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "a;=1+1",
    " =1",
    "\uff1d1",
    "\u200b=1",
    "a;\u2060+1",
)
WORLD = World(
    customers=tuple(
        Customer(name, segment="B2B", email=name, has_near_match=True, has_failure=True,
                 is_in_dataverse=True)
        for name in HOSTILE
    ),
    history_days=1,
)  # fmt: skip


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def page(opened: Opened) -> OpenedPage:
    return opened(WORLD)


def test_hostile_names_are_text_everywhere(page: OpenedPage) -> None:
    for opener in page.page.locator("button.opener").all():
        opener.click()
    page.page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert [plain(name) for name in page.names()] == [plain(name) for name in HOSTILE]
    details = page.page.locator("td.behind").all_inner_texts()
    for name, text in zip(HOSTILE, details, strict=True):
        assert plain(name) in plain(text)
    for name in HOSTILE[:10]:
        assert plain(name) in page.text("#top-customers")
    assert_nothing_came_of_it(page)


def test_searching_hostile_names_runs_nothing(page: OpenedPage) -> None:
    """DataTables decodes search text through an element, the classic injection."""
    for name in (one for one in HOSTILE if not re.search('["\u2028]', one)):
        page.page.get_by_label("Search").fill(name)
        page.wait_for_rows(1)
        assert plain(page.names()[0]) == plain(name)
    page.page.locator("#worklist thead th", has_text="Customer").click()
    assert_nothing_came_of_it(page)


def assert_nothing_came_of_it(page: OpenedPage) -> None:
    assert page.page.evaluate("window.ran") is None
    foreign = (
        "img, iframe, object, embed, link, b, script[src], [onload], [onerror], main a[href^=http]"
    )
    assert page.page.locator(foreign).count() == 0
    assert page.page.evaluate("document.scripts.length") == 3, "DataTables, our script, the data"
    assert page.requests == []
    assert page.complaints == []


def test_no_request_and_no_complaint(opened: Opened) -> None:
    page = opened()
    page.page.get_by_role("button", name="Wholesale-X", exact=True).click()
    page.page.get_by_role("button", name="Copy").click()
    page.page.get_by_text("Copied").wait_for()
    assert page.requests == []
    assert page.complaints == []


def test_the_policy_forbids_every_request_and_foreign_script(opened: Opened) -> None:
    page = opened(WORLD)
    reached = page.page.evaluate(
        "fetch('http://127.0.0.1:9/').then(() => 'reached', (error) => String(error))"
    )
    assert "TypeError" in reached
    assert any("Content Security Policy" in one for one in page.complaints)
    page.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = 1";
            document.body.append(script);
            const image = document.createElement("div");
            image.innerHTML = "<img src=x onerror='window.ran = 1'>";
            document.body.append(image);
        }"""
    )
    page.page.wait_for_timeout(100)
    assert page.page.evaluate("window.ran") is None


def test_the_file_names_no_address_to_load(written: Callable[[World], Path]) -> None:
    source = written(World()).read_text("utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', source)[1]
    assert "default-src &#39;none&#39;" in policy
    assert "unsafe" not in policy
    scripts = re.compile(r'<script type="module">.*?</script>', re.DOTALL)
    rest, count = scripts.subn("", source)
    assert count == 2
    assert not re.search(r"<(link|img|iframe)\b|\b(src|href)=(?!\"#)|@import|url\(", rest)


def test_data_is_inert_json(written: Callable[[World], Path]) -> None:
    """The embedded data contains no character special to a parser."""
    source = written(WORLD).read_text("utf-8")
    data = re.search(r'id="worklist-data">(.*?)</script>', source, re.DOTALL)[1]
    assert data.startswith("{") and data.endswith("}")
    assert not re.search("[<>&\u2028\u2029\u202e]", data)


def test_no_cell_of_the_file_runs_as_a_formula(opened: Opened) -> None:
    customers = tuple(Customer(name, email=name) for name in FORMULAS)
    page = opened(World(customers=customers, history_days=1))
    with page.page.expect_download() as download:
        page.page.get_by_role("button", name="Download CSV").click()
    lines = download.value.path().read_text("utf-8-sig")
    rows = list(csv.DictReader(lines.splitlines()))
    assert [row["customer_name"] for row in rows] == [
        "'=HYPERLINK(\"http://x\")", "'+1+1", "'-2+3", "'@SUM(A1)", " '=1", "a;'=1+1", " '=1",
        "'\uff1d1", "\u200b'=1", "a;\u2060'+1",
    ]  # fmt: skip
    assert {row["blocked_value_reporting"] for row in rows} == {"100.00"}
    for row in rows:
        for cell in row.values():
            assert not re.search(r"(^|;)\s*[=+\-@]|[\t\r\n]", cell), cell
