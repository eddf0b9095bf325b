"""Worlds as pages: written once per test process, reopened for every test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from opened_page import OpenedPage
from playwright.sync_api import Browser
from published_world import World, write_published

from pipelines.report import write_report


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[World], Path]:
    """The report of a world; the same world is written once."""
    done: dict[str, Path] = {}

    def write(world: World) -> Path:
        key = repr(world)
        if key not in done:
            done[key] = write_report(write_published(tmp_path_factory.mktemp("world") / "w", world))
        return done[key]

    return write


@pytest.fixture
def opened(
    browser: Browser, written: Callable[[World], Path]
) -> Iterator[Callable[..., OpenedPage]]:
    """Opens the page of a world (default: the ordinary one); keywords go to the browser context."""
    pages: list[OpenedPage] = []

    def open_page(world: World | None = None, **context: object) -> OpenedPage:
        pages.append(OpenedPage(browser, written(world or World()), **context))
        return pages[-1]

    yield open_page
    for page in pages:
        page.close()
