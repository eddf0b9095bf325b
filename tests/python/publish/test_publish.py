"""Publishing: only after a green build, only tables, only if the audit passes."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from small_build import change, headline, values_of, write_build

from pipelines.publish import write as publish_module
from pipelines.publish.sets import checksums, published_place
from pipelines.publish.write import publish, vars_of, warnings_of
from pipelines.settings import BuildError, InputError, Warehouse

TABLES = [
    "cards.card_values",
    "cards.data_dictionary",
    "cards.fct_master_guard",
    "worklist.onboarding_worklist",
]
COMMENTS = """
    select schema_name, table_name, null, comment from duckdb_tables() where schema_name <> 'main'
    union all
    select schema_name, table_name, column_name, comment from duckdb_columns()
    where schema_name in ('cards', 'worklist')
"""
STORAGE_NUMBER = 65  # of DuckDB 1.2; 1.4 writes 67, which 1.2 cannot read
HEADER = struct.Struct("<8s4sQ")  # checksum, "DUCK", storage version


def tables(path: Path) -> list[str]:
    with duckdb.connect(str(path), read_only=True) as con:
        found = con.execute("select schema_name, table_name from duckdb_tables() order by all")
        return [".".join(row) for row in found.fetchall()]


def current(target: Warehouse) -> Path:
    folder = published_place(target).current
    assert folder is not None
    return folder


def test_public_tables_are_published_apart_by_personal_data(target: Warehouse) -> None:
    manifest = publish(target, "fingerprint")
    assert tables(target.published_marts) == TABLES
    assert manifest == json.loads(target.published_manifest.read_text())
    assert manifest["run_id"] == "run-1"
    assert manifest["as_of"] == "2026-04-12"
    assert manifest["fingerprint"] == "fingerprint"
    assert manifest["row_counts"] == dict(zip(TABLES, (1, 25, 1, 3), strict=True))


def test_the_vars_of_a_set_hold_the_as_of_however_it_was_given() -> None:
    given = {"label": "x", "as_of": "2026-04-12"}
    by_var = {"metadata": {"env": {"AS_OF": ""}}, "args": {"vars": given}}
    by_environment = {
        "metadata": {"env": {"AS_OF": "2026-04-12"}},
        "args": {"vars": {"label": "x"}},
    }
    now = {"metadata": {}, "args": {}}
    assert [vars_of(results) for results in (by_var, by_environment, now)] == [given, given, {}]


def test_a_set_holds_every_mart_as_parquet_with_the_same_types(target: Warehouse) -> None:
    publish(target)
    parquet = target.published / "parquet"
    assert (
        sorted(f"{path.parent.name}.{path.stem}" for path in parquet.rglob("*.parquet")) == TABLES
    )
    with duckdb.connect() as con:
        con.execute(f"attach '{target.published_marts}' as marts (read_only)")
        described = [
            con.execute(f"describe from {place}").fetchall()
            for place in (
                "marts.worklist.onboarding_worklist",
                f"'{parquet}/worklist/onboarding_worklist.parquet'",
            )
        ]
    assert described[0] == described[1]
    assert "DECIMAL(18,2)" in str(described[1])


def test_manifest_tells_cards_guard_and_checksums(target: Warehouse) -> None:
    manifest = publish(target)
    assert manifest["set_id"] == current(target).name
    assert manifest["cards"] == [
        {
            "card_id": "headline",
            "as_of_date": "2026-04-12",
            "as_of_at": "2026-04-13T04:00:00.000000Z",
            "value": 17,
            "state": "alert",
            "state_reason": None,
            "trace_id": "trace-17",
        }
    ]
    assert manifest["guard"] == [
        {
            "legal_entity_id": "ustr",
            "source_name": "d365_fo",
            "guard_state": "ok",
            "row_count": 134,
        }
    ]
    assert manifest["files"] == checksums(current(target))
    assert {"marts.duckdb", "dbt/manifest.json"} < set(manifest["files"])
    assert len(manifest["files"]) == 2 + len(TABLES)


def test_the_set_says_what_its_tables_and_columns_are(target: Warehouse) -> None:
    """In a table, also as Parquet, which has the comments of the file; one without personal data
    does not name the others."""
    publish(target)
    named = "table_schema, table_name, column_name"
    with duckdb.connect(str(target.published_marts), read_only=True) as con:
        rows = con.execute(f"select {named}, description from cards.data_dictionary").fetchall()
        assert sorted(map(str, con.execute(COMMENTS).fetchall())) == sorted(
            str((*row[:3], row[3] or "")) for row in rows
        )
        assert {row[:2] for row in rows} == {tuple(name.split(".")) for name in TABLES}
        assert ("cards", "card_values", None, "One row.") in rows
        assert ("cards", "card_values", "value", "What it's worth.") in rows
        personal = "select distinct table_name from cards.data_dictionary"
        personal += " where contains_personal_data"
        assert con.execute(personal).fetchall() == [("onboarding_worklist",)]
    publish(target, has_personal_data=False)
    place = published_place(target, has_personal_data=False)
    file = place.root / "parquet/cards/data_dictionary.parquet"
    assert {name for (name,) in duckdb.sql(f"select table_schema from '{file}'").fetchall()} == {
        "cards"
    }


def test_known_paths_lead_to_the_current_set(target: Warehouse) -> None:
    publish(target)
    assert {path.name for path in target.published.iterdir()} == {
        "current",
        "sets",
        "marts.duckdb",
        "manifest.json",
        "parquet",
        "report.html",
        "salt",
    }
    for name in ("marts.duckdb", "manifest.json", "parquet"):
        assert (target.published / name).resolve() == current(target) / name
    (current(target) / "report.html").write_text("page")
    assert (target.published / "report.html").read_text() == "page"


def test_file_is_readable_by_older_versions(target: Warehouse) -> None:
    publish(target)
    _, magic, number = HEADER.unpack(target.published_marts.read_bytes()[: HEADER.size])
    assert magic == b"DUCK"
    assert number <= STORAGE_NUMBER
    with duckdb.connect() as con:
        con.execute(f"attach '{target.published_marts}' as marts (read_only)")
        tags = con.execute("select tags from duckdb_databases() where database_name = 'marts'")
        assert "v1.2.0" in str(tags.fetchone())


def test_a_red_key_test_says_the_remedy_of_its_generic_test(target: Warehouse) -> None:
    write_build(target, {"test.key_test": "fail"})
    with pytest.raises(BuildError, match=r"key_test \(3 rows\), expected: Keep one of the rows."):
        publish(target)


@pytest.mark.parametrize("status", ["error", "fail", "runtime error"])
def test_red_build_publishes_nothing_and_says_what_to_do(target: Warehouse, status: str) -> None:
    publish(target)
    before = current(target)
    write_build(target, {"test.some_test": status})
    with pytest.raises(BuildError, match=r"some_test \(3 rows\), expected: Fix the seed."):
        publish(target)
    assert published_place(target).sets() == [before]


def test_stopped_by_the_guard_says_why(target: Warehouse) -> None:
    reason = "the customer master of ustr is empty: load its customers"
    change(target, f"update core.fct_master_guard set guard_reason = '{reason}'")
    guard = {
        "name": "customer_masters_can_be_subtracted",
        "resource_type": "test",
        "description": "Every master is good.",
        "config": {"severity": "error"},
    }
    write_build(target, {"test.guard": "fail"}, {"test.guard": guard})
    with pytest.raises(BuildError, match=reason):
        publish(target)


def test_a_test_that_lost_its_description_says_its_comment(target: Warehouse) -> None:
    """dbt drops it when the SQL of a test has changed and its YAML has not (partial parse)."""
    code = "-- What: a row is a row.\n-- How to fix: remove the\n-- other.\n{{ config() }}\nselect 1 -- x"
    node = {
        "name": "bare",
        "resource_type": "test",
        "description": "",
        "raw_code": code,
        "depends_on": {"macros": ["macro.test_key"]},
    }
    write_build(target, {"test.bare": "warn"}, {"test.bare": node})
    text = "bare (3 rows), expected: What: a row is a row. How to fix: remove the other."
    assert warnings_of(target) == [text]


def test_warning_does_not_stop_it(target: Warehouse) -> None:
    write_build(target, {"test.some_test": "warn"})
    publish(target)
    assert target.published_marts.exists()


@pytest.mark.parametrize(
    "arguments",
    [{"which": "run"}, {"select": ["card_values"]}, {"exclude": ["x"]}, {"empty": True}],
)
def test_what_is_no_whole_build_is_not_published(
    target: Warehouse, arguments: dict[str, object]
) -> None:
    write_build(target, **arguments)
    with pytest.raises(BuildError, match="not a full build"):
        publish(target)
    assert not target.published_marts.exists()


def test_nothing_was_built(target: Warehouse) -> None:
    (target.target / "run_results.json").unlink()
    with pytest.raises(InputError, match="nothing was built here yet"):
        publish(target)


def test_warehouse_that_is_open_elsewhere_is_told(target: Warehouse) -> None:
    hold = (
        "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print('open', flush=True); input()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(target.marts)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None and holder.stdout.readline() == "open\n"
        with pytest.raises(InputError, match=r"warehouse.duckdb is open in another program"):
            publish(target)
    finally:
        holder.communicate("\n", timeout=60)
    assert list(published_place(target).sets_folder.iterdir()) == []
    publish(target)


def test_failure_in_the_middle_keeps_the_published_set(target: Warehouse) -> None:
    publish(target)
    before = current(target)
    change(target, "drop table onboarding.onboarding_worklist")
    with pytest.raises(BuildError, match=r"nothing published.*onboarding_worklist"):
        publish(target)
    assert current(target) == before
    assert list(published_place(target).sets_folder.iterdir()) == [before]


def a_row_less(folder: Path, *_: object) -> None:
    path = folder / "parquet/worklist/onboarding_worklist.parquet"
    duckdb.sql(f"copy (from '{path}' limit 2) to '{path}.new' (format parquet)")
    path.with_suffix(".parquet.new").replace(path)


def another_value(folder: Path, *_: object) -> None:
    path = folder / "parquet/cards/card_values.parquet"
    sql = f"copy (select * replace (18::bigint as value) from '{path}')"
    duckdb.sql(f"{sql} to '{path}.new' (format parquet)")
    path.with_suffix(".parquet.new").replace(path)


def a_row_more(folder: Path, *_: object) -> None:
    with duckdb.connect(str(folder / "marts.duckdb")) as con:
        con.execute("insert into worklist.onboarding_worklist values (9, 'Twice', 1)")


def another_type(folder: Path, *_: object) -> None:
    with duckdb.connect(str(folder / "marts.duckdb")) as con:
        con.execute("alter table cards.card_values alter value type integer")


def a_table_more(folder: Path, *_: object) -> None:
    with duckdb.connect(str(folder / "marts.duckdb")) as con:
        con.execute("create table cards.left_over as select 1 as x")


def another_description(folder: Path, *_: object) -> None:
    with duckdb.connect(str(folder / "marts.duckdb")) as con:
        con.execute("update cards.data_dictionary set description = 'Something else.'")


def no_parquet(folder: Path, *_: object) -> None:
    (folder / "parquet/cards/card_values.parquet").unlink()


TAMPERINGS = {
    a_row_less: r"onboarding_worklist has different row counts.* 3 in marts.duckdb, 2 in parquet",
    a_row_more: r"onboarding_worklist has different row counts.* 4 in marts.duckdb",
    another_value: r"card_values has different values",
    another_type: r"card_values has different columns",
    a_table_more: r"cards.left_over of marts.duckdb is not a public mart",
    another_description: r"data_dictionary has different values",
    no_parquet: r"cards.card_values is missing in parquet",
}


def tampered(monkeypatch: pytest.MonkeyPatch, name: str, tamper: Callable[..., None]) -> None:
    """Make a step of the writing end with a fault."""
    original = getattr(publish_module, name)

    def wrapped(*args: Any) -> Any:
        written = original(*args)
        folder = next(argument for argument in args if isinstance(argument, Path))
        tamper(folder)
        return written

    monkeypatch.setattr(publish_module, name, wrapped)


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
def test_audit_refuses_a_set_that_is_not_as_the_warehouse(
    target: Warehouse, monkeypatch: pytest.MonkeyPatch, tamper: Callable[..., None]
) -> None:
    """The fault comes before the checksums are taken: they agree with the faulty file."""
    publish(target)
    before = current(target)
    tampered(monkeypatch, "_write_parquet", lambda folder: tamper(folder))
    with pytest.raises(BuildError) as raised:
        publish(target)
    assert "the audit of the written files failed" in str(raised.value)
    raised.match(TAMPERINGS[tamper])
    assert current(target) == before
    assert list(published_place(target).sets_folder.iterdir()) == [before]


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (lambda folder: (folder / "dbt/manifest.json").write_text("{}"), "manifest.json has chang"),
        (lambda folder: (folder / "dbt/manifest.json").unlink(), "dbt/manifest.json is missing"),
        (lambda folder: (folder / "notes.txt").touch(), "notes.txt is not in the manifest"),
        (lambda folder: (folder / "marts.duckdb").write_text("x"), "cannot be read again"),
    ],
)
def test_audit_compares_every_file_with_its_checksum(
    target: Warehouse,
    monkeypatch: pytest.MonkeyPatch,
    tamper: Callable[[Path], None],
    message: str,
) -> None:
    tampered(monkeypatch, "write_set", tamper)
    with pytest.raises(BuildError, match=message):
        publish(target)
    assert not target.published_marts.exists()


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("delete from cards.card_values", "card_values is empty"),
        ("update core.fct_master_guard set guard_state = 'shrunk'", "master of ustr is shrunk"),
    ],
)
def test_audit_wants_cards_and_good_masters(
    target: Warehouse, statement: str, message: str
) -> None:
    publish(target)
    before = current(target)
    change(target, statement)
    with pytest.raises(BuildError, match=message):
        publish(target)
    assert current(target) == before


def test_a_master_that_is_not_configured_is_no_fault(target: Warehouse) -> None:
    change(target, "update core.fct_master_guard set guard_state = 'not_configured'")
    assert publish(target)["guard"][0]["guard_state"] == "not_configured"


def test_audit_finds_personal_data_in_the_schema_for_everyone(
    target: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.publish.marts.holds_personal_data", lambda _: False)
    with pytest.raises(BuildError, match=r"cards.onboarding_worklist is not declared free"):
        publish(target)


def test_set_without_personal_data_stands_apart(target: Warehouse) -> None:
    publish(target)
    finance = current(target)
    manifest = publish(target, has_personal_data=False)
    place = published_place(target, has_personal_data=False)
    assert place.current is not None and place.current.name == manifest["set_id"]
    assert tables(place.root / "marts.duckdb") == TABLES[:3]
    assert [path.name for path in (place.root / "parquet").iterdir()] == ["cards"]
    assert manifest["contains_personal_data"] is False
    assert "Wholesale-X" not in "".join(
        path.read_bytes().decode("latin1") for path in place.current.rglob("*") if path.is_file()
    )
    assert current(target) == finance
    assert tables(target.published_marts) == TABLES
    assert values_of(finance) == {17, 3}
    assert headline(place.root) == 17
