"""The page in a browser, with its requests and errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

WIDE = {"width": 1400, "height": 900}
NARROW = {"width": 390, "height": 844}


class OpenedPage:
    """An open page; `requests` except for itself, `complaints`: console and script errors."""

    def __init__(self, browser: Browser, path: Path, **context: Any) -> None:
        self.context = browser.new_context(**({"viewport": WIDE} | context))
        self.page: Page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        uri = path.resolve().as_uri()
        self.page.on("request", lambda one: one.url != uri and self.requests.append(one.url))
        self.page.on("console", lambda one: self.complaints.append(f"{one.type}: {one.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.set_default_timeout(10_000)
        self.page.goto(uri)

    def text(self, selector: str) -> str:
        """The visible text of the only element, whitespace collapsed."""
        return " ".join(self.page.locator(selector).inner_text().split())

    def cells(self, selector: str) -> list[list[str]]:
        """The texts of the cells of a table's body, row by row."""
        rows = self.page.locator(f"{selector} tbody tr").all()
        return [
            [" ".join(text.split()) for text in row.locator("th, td").all_inner_texts()]
            for row in rows
        ]

    def names(self) -> list[str]:
        """The customers on the shown page of the worklist, in its order."""
        return self.page.locator("#worklist button.opener").all_inner_texts()

    def wait_for_rows(self, number: int) -> None:
        """Wait until the shown page of the worklist has this many rows."""
        expect(self.page.locator("#worklist button.opener")).to_have_count(number)

    def close(self) -> None:
        self.context.close()
