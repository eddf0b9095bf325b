"""Texts that a spreadsheet, SQL, Jinja, YAML or a file system would run, through settings and files,
and through a whole run into the page, in a real browser.

Every place of the page: report/test_page_safety.py. Every place of the alerts: notify.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from machine import Machine, machine
from machine_room import Room, one_sentence, only_whole
from mart_comparison import differences
from opened_page import OpenedPage
from oracle_cards import card_rows
from pieces import BC_CA, FO_US, SHOP_A, WEB, WHOLESALE, installation
from test_killed import small_warehouse, write_extracts
from test_page_safety import FORMULAS, HOSTILE, assert_nothing_came_of_it

from pipelines.commands.export import READS_AS_FORMULA
from pipelines.report import write_report
from pipelines.settings import PROJECT, Warehouse
from tests.python.publish.small_build import headline, set_value
from tests.python.published_world import World, write_published

if TYPE_CHECKING:
    from playwright.sync_api import Browser

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


TEXTS = (
    *HOSTILE,
    *FORMULAS,
    "[/red][bold]x[/nothing]",
    "\x1b[31mred\x1b]8;;http://x.test\x07",
    "<!channel> <@U1> *b* [x](http://x.test) @everyone",
    "'; drop table x; --",
    "../../etc/passwd",
    "a\nb\r\nc",
)
NAMES = re.compile(r"name|company|address|street|city|title|description|tag|reason", re.IGNORECASE)
# a flow and an own field are known by their names
CODES = re.compile(r"__typename|id$|code|email|status|ratetype|fieldname", re.IGNORECASE)


def with_hostile_texts(value: Any, field: str, numbers: Iterator[int], is_every_text: bool) -> Any:
    """A record whose names and addresses, or all texts, have a hostile text before or after."""
    if isinstance(value, dict):
        return {
            name: with_hostile_texts(inner, name, numbers, is_every_text)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [with_hostile_texts(inner, field, numbers, is_every_text) for inner in value]
    is_name = NAMES.search(field) and not CODES.search(field)
    if not value or not isinstance(value, str) or not (is_every_text or is_name):
        return value
    number = next(numbers)
    text = TEXTS[number % len(TEXTS)]
    return f"{text} {value}" if number // len(TEXTS) % 2 else f"{value} {text}"


@pytest.fixture
def at_work() -> Iterator[Machine]:
    made = machine("hostile")
    yield made
    made.remove()


@pytest.mark.parametrize("is_every_text", [False, pytest.param(True, marks=only_whole)])
def test_hostile_texts_from_files_to_page(
    is_every_text: bool, at_work: Machine, browser: Browser, record_property: Record
) -> None:
    """Through names and addresses the cards stay; through every field nothing is run either."""
    one = installation([SHOP_A, WHOLESALE, WEB], [FO_US, BC_CA])
    at_work.write(one)
    expected = card_rows(at_work.oracle(one.given))
    numbers = count()
    for path in sorted(at_work.extracts.rglob("*.jsonl")):
        rows = map(json.loads, path.read_text("utf-8").splitlines())
        if not is_every_text and path.stem in ("workflows", "flow_runs"):
            continue
        changed = [with_hostile_texts(row, "", numbers, is_every_text) for row in rows]
        path.write_text("".join(f"{json.dumps(row)}\n" for row in changed), "utf-8")
    record_property("tried", next(numbers))
    done = at_work.run("run", one.given)
    output = done.output
    assert "Traceback" not in output
    if not is_every_text:
        assert done.code == 0, output[-3000:]
        published = at_work.query("select * from cards.card_values")
        problems = differences("published", expected, published, ("card_id",))
        assert not problems, "\n".join(problems)
        for words in (["cards"], ["doctor"], ["notify", "--dry-run"], ["export", "onboarding"]):
            output += at_work.call(*words).output
        page = OpenedPage(browser, write_report(Warehouse(at_work.warehouse)))
        for opener in page.page.locator("button.opener").all():
            opener.click()
        page.page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
        shown = page.page.locator("body").inner_text()
        assert sum(text in shown for text in HOSTILE) > len(HOSTILE) / 2
        assert_nothing_came_of_it(page)
        page.close()
    unseen = {sign for sign in output if not sign.isprintable() and sign not in "\n\t"}
    assert unseen == set()
    assert "<!channel>" not in output.replace("\u200b", "") or "customer_name" not in output
