"""Takes the picture of the page in README.md, from the worked example as published (make picture)."""

from __future__ import annotations

import os
from pathlib import Path

from chromium import chromium
from opened_page import OpenedPage
from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "data" / "worked_example" / "published" / "report.html"
PICTURE = PROJECT / "docs" / "images" / "page.png"
SIZE = {"width": 1200, "height": 780}

if __name__ == "__main__":
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        opened = OpenedPage(browser, PAGE, viewport=SIZE, color_scheme="light")
        PICTURE.parent.mkdir(exist_ok=True)
        opened.page.screenshot(path=PICTURE)
        browser.close()
    print(f"{PICTURE.relative_to(PROJECT)}: {PICTURE.stat().st_size / 1000:,.0f} kB")
