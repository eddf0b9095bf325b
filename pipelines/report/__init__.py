"""The page: one HTML file of the published cards and the worklist.

Written next to `published/marts.duckdb` and only from it; see docs/report.md. It makes no network
requests, so it opens with a double-click and can be mailed.
"""

import os
from pathlib import Path

from pipelines.duck import reading
from pipelines.publish.sets import published_place, read_manifest
from pipelines.report.content import page_content
from pipelines.report.page import render
from pipelines.report.published import Published
from pipelines.settings import InputError, Warehouse, shown

REPORT = "report.html"


def write_report(target: Warehouse, has_personal_data: bool = True) -> Path:
    """Write the page next to the published file atomically and return its path. Raises InputError
    if nothing is published, or a needed table is missing."""
    link = published_place(target, has_personal_data).root / target.published_marts.name
    marts = link.resolve()
    if not marts.exists():
        raise InputError(f"{shown(link)}: nothing is published; run `make run`.")
    manifest = read_manifest(marts.parent)
    if not manifest:
        path = marts.parent / "manifest.json"
        raise InputError(f"{shown(path)} cannot be read; run `make publish`.")
    with reading(marts) as con:
        text = render(page_content(Published(marts, con), manifest))
    page = marts.parent / REPORT
    unfinished = page.with_suffix(".unfinished")
    unfinished.write_text(text, "utf-8", newline="\n")
    os.replace(unfinished, page)
    return page
