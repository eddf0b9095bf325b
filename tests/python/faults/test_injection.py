"""Texts that a spreadsheet, SQL, Jinja, YAML or a file system would run, through settings and files.

Through the page: report/test_page_safety.py, in a real browser. Through alerts: notify.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from machine_room import Room, one_sentence
from test_killed import small_warehouse, write_extracts

from pipelines.commands.export import READS_AS_FORMULA
from pipelines.settings import PROJECT, Warehouse
from tests.python.publish.small_build import headline, set_value
from tests.python.published_world import World, write_published

Record = Callable[[str, Any], None]
UNSEEN = (
    "",
    " ",
    "\t",
    "\r\n",
    "\u200b",
    "\u2060",
    "\ufeff",
    "\u202e",
    "\u00a0",
    "\u3000",
    "\u00ad",
    "\u2066",
)
STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
GOOD = (
    "Anna-Lena Berg",
    "a=b+c@x.test",
    "Smith & Sons",
    "3M",
    "Büchner (Zürich) ＆ Co",
    "C+ Trading",
)


def test_formulas_are_found_in_python_and_in_sql(record_property: Record) -> None:
    """After any sign that no one sees; both places find the same."""
    model = PROJECT / "models/marts/onboarding/onboarding_validation_failures.sql"
    pattern = re.search(r"field_value', '([^']+)'", model.read_text("utf-8"))[1].replace(
        "\\\\", "\\"
    )
    texts = [
        f"{before}{unseen}{start}1"
        for before in ("", "a;")
        for unseen in UNSEEN
        for start in STARTS
    ]
    record_property("tried", len(texts) + len(GOOD))
    with duckdb.connect() as con:
        for text in texts:
            assert READS_AS_FORMULA.search(text), repr(text)
            if not re.search(r"[\t\r\n]", text):
                found = con.execute("select regexp_matches(?, ?)", [text, pattern]).fetchone()
                assert found == (True,), repr(text)
        for text in GOOD:
            assert not READS_AS_FORMULA.search(text)
            assert con.execute("select regexp_matches(?, ?)", [text, pattern]).fetchone() == (
                False,
            )


FOLDERS = (
    'a "quoted" one',
    "{{ 7 * 7 }}",
    "; drop table x",
    "$(touch x)",
    "=cmd",
    "\u202egnp",
    "a\nb",
)


@pytest.mark.parametrize("name", FOLDERS)
def test_folders_with_signs_that_mean_something(
    name: str, tmp_path: Path, tries: Callable[[int, int], int]
) -> None:
    """A warehouse and an extract folder of this name load, publish and are read."""
    if name not in FOLDERS[: tries(99, 1)]:
        pytest.skip("make faults")
    target = Warehouse(tmp_path / name / "warehouse")
    small_warehouse(target)
    write_extracts(tmp_path / name / "extracts", 1)
    room = Room(target)
    ended = room.run("load", "extracts", str(tmp_path / name / "extracts"))
    assert ended.code == 0, ended.output
    set_value(target, 18)
    assert room.run("publish").code == 0
    assert headline(target.published) == 18
    page = Room(write_published(tmp_path / "b" / name, World()))
    assert page.run("report").code == 0
    assert not list(PROJECT.glob("x"))


def test_a_folder_with_a_quote_is_refused(tmp_path: Path) -> None:
    """dlt would put it into SQL."""
    write_extracts(tmp_path / "o'brien", 1)
    one_sentence(
        Room(Warehouse(tmp_path / "d'or")).run("load", "extracts", str(tmp_path / "o'brien")),
        "quote",
    )
    ended = Room(Warehouse(tmp_path / "w")).run("load", "extracts", str(tmp_path / "o'brien"))
    assert ended.code == 0, ended.output


SETTINGS: dict[str, tuple[str, ...]] = {
    "an as-of of SQL": ("run", "--as-of", "2026-04-12'; drop table x --"),
    "an as-of of Jinja": ("run", "--as-of", "{{ 7 * 7 }}"),
    "vars that are code": ("run", "--vars", "!!python/object/apply:os.system ['touch x']"),
    "vars that are no mapping": ("run", "--vars", "[1, 2]"),
    "a field map that is a file": ("run", "--field-map", "/etc/passwd"),
    "a path with ..": ("load", "extracts", "../../../../etc"),
    "a time zone of a path": (
        "run",
        "--as-of",
        "2026-04-12",
        "--vars",
        "{reporting_timezone: ../../etc/passwd}",
    ),
    "no number": ("publish", "--keep", "0"),
    "who to forget": ("forget", "' or 1=1 --"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_that_are_code(
    name: str, target: Warehouse, tries: Callable[[int, int], int]
) -> None:
    if name not in list(SETTINGS)[: tries(99, 2)]:
        pytest.skip("make faults")
    small_warehouse(target)
    one_sentence(Room(target).run(*SETTINGS[name]))
    assert headline(target.published) == 17
    assert not list(PROJECT.glob("x"))
