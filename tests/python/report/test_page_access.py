"""Accessibility of the page: no axe violations, in light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from opened_page import NARROW, WIDE, OpenedPage
from published_world import World
from test_page_numbers import MISSING, OTHERS

from pipelines.publish.cards import HEADLINE

Opened = Callable[..., OpenedPage]
SCREENS = {"wide": WIDE, "narrow": NARROW}


def violations(page: OpenedPage) -> list[str]:
    found = Axe().run(page.page).response["violations"]
    return [
        f"{one['id']} ({one['help']}): {node['html'][:200]}"
        for one in found
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(opened: Opened, screen: str, scheme: str) -> None:
    page = opened(viewport=SCREENS[screen], color_scheme=scheme)
    page.page.locator("button.opener").first.click()
    page.page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_data_is_missing(opened: Opened, scheme: str) -> None:
    page = opened(World(states=MISSING | OTHERS, history_days=1), color_scheme=scheme)
    assert violations(page) == []


def test_dark_is_dark(opened: Opened) -> None:
    """Text, lines and backgrounds follow the colour scheme; axe does not check charts."""
    colours = []
    for scheme in ("light", "dark"):
        page = opened(color_scheme=scheme).page
        colours.append([
            page.evaluate("getComputedStyle(document.body).backgroundColor"),
            page.locator(f'[data-card="{HEADLINE}"] .trend:not(.money) g.mark-line path').evaluate(
                "one => getComputedStyle(one).stroke"
            ),
        ])  # fmt: skip
    (light_paper, light_line), (dark_paper, dark_line) = colours
    assert (light_paper, dark_paper) == ("rgb(255, 255, 255)", "rgb(20, 24, 28)")
    assert light_line == "rgb(27, 33, 39)"
    assert dark_line == "rgb(230, 234, 237)"


def test_landmarks_and_headings(opened: Opened) -> None:
    page = opened().page
    for landmark in ("banner", "navigation", "main", "contentinfo", "search"):
        assert page.get_by_role(landmark).first.is_visible(), landmark
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(one => +one.tagName[1])")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(lower - upper <= 1 for upper, lower in pairwise(levels))
    assert page.locator("table:not(:has(caption))").count() == 0
