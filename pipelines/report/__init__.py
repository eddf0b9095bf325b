"""The page: one HTML file of the published cards and the worklist.

Beside `published/marts.duckdb`, made of nothing else; see docs/report.md. It asks the network for
nothing, so it opens by double click and can be mailed.
"""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.publish.sets import published_marts, published_place, read_manifest
from pipelines.report.content import page_content
from pipelines.report.page import render
from pipelines.report.reading import Published
from pipelines.settings import InputError, Warehouse, shown

REPORT = "report.html"


def write_report(target: Warehouse, has_personal_data: bool = True) -> Path:
    """Writes the page beside the published file, whole or not at all, and returns its path.

    `has_personal_data`: of the ordinary set, or of the one that was published without.
    Raises InputError when nothing is published, or a table that the page needs is not.
    """
    link = published_place(target, has_personal_data).root / published_marts(target).name
    marts = link.resolve()
    if not marts.exists():
        raise InputError(f"{shown(link)}: nothing is published; run `make run`.")
    manifest = read_manifest(marts.parent)
    if not manifest:
        path = marts.parent / "manifest.json"
        raise InputError(f"{shown(path)} cannot be read; run `make publish`.")
    with Published(marts) as published:
        text = render(page_content(published, manifest))
    page = marts.parent / REPORT
    unfinished = page.with_suffix(".unfinished")
    unfinished.write_text(text, "utf-8", newline="\n")
    os.replace(unfinished, page)
    return page
