"""Publishes the marts of a green build in three steps: write, audit, switch.

A set (sets.py) has `marts.duckdb` in a storage format for DuckDB 1.2 and later, one Parquet file
per mart, and `manifest.json`. Only tables, no views: schema `cards` for everyone, `worklist` for
personal data; `cards.data_dictionary` and comments say what they mean. It is read back (audit.py)
and becomes current, atomically, if it has no fault.
"""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.console import one_line
from pipelines.duck import Record, literal, opening, records, records_of
from pipelines.publish.audit import audit
from pipelines.publish.marts import DICTIONARY, Mart, marts_of, with_dictionary
from pipelines.publish.memory import remember
from pipelines.publish.retention import prune, sets_kept
from pipelines.publish.sets import (
    begin_set,
    checksums,
    finish_set,
    prepare,
    published_place,
    switch,
)
from pipelines.settings import BuildError, InputError, Warehouse, shown

STORAGE_VERSION = "v1.2.0"  # the oldest DuckDB that can read the file
CARD_STATE = """
    card_id, cast(as_of_date as varchar) as as_of_date,
    strftime(as_of_at, '%Y-%m-%dT%H:%M:%S.%fZ') as as_of_at, value, state, state_reason, trace_id
"""
GUARD_STATE = "legal_entity_id, source_name, guard_state, row_count"
GUARD_TEST = "customer_masters_can_be_subtracted"
ROWS_SHOWN = 5
ALERT_TEST = "no_card_is_in_alert"
MACHINE = re.compile(r"\b(IO|Out of Memory|FATAL|Serialization) Error")
FAULTY = ("error", "fail", "runtime error", "partial success")


def publish(
    target: Warehouse,
    fingerprint: str | None = None,
    keep: int | None = None,
    has_personal_data: bool = True,
) -> dict[str, Any]:
    """Publish the marts of the last build; the manifest of the new set. Without personal data only
    schema `cards`, to a separate place. Raises BuildError if the build was not green or the audit
    finds a fault (nothing is published then), InputError without a build."""
    keep = sets_kept(keep)
    results = _read_artefact(target.target / "run_results.json")
    manifest = _read_artefact(target.target / "manifest.json")
    check_green(results, manifest, target)
    wanted = ("cards", "worklist") if has_personal_data else ("cards",)
    marts = [mart for mart in marts_of(manifest) if mart.published_schema in wanted]
    place = published_place(target, has_personal_data)
    prepare(place)
    unfinished = begin_set(place, results["metadata"]["invocation_id"])
    about = {
        "set_id": unfinished.stem,
        "run_id": results["metadata"]["invocation_id"],
        "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "built_at": results["metadata"]["generated_at"],
        "vars": vars_of(results),
        "fingerprint": fingerprint,
        "contains_personal_data": has_personal_data,
    }
    with _removed_if_it_fails(unfinished):
        written = write_set(unfinished, target, marts, about)
        audit(unfinished, target, marts, target.target / "manifest.json")
    switch(place, finish_set(unfinished))
    if has_personal_data:  # the other place has no worklist
        remember(target)
    prune(place, keep)
    return written


def vars_of(results: dict[str, Any]) -> dict[str, Any]:
    """The vars of a build, including an as-of from the environment variable."""
    noted = results["metadata"].get("env", {}).get("AS_OF")
    return {**({"as_of": noted} if noted else {}), **(results["args"].get("vars") or {})}


def write_set(
    folder: Path, target: Warehouse, marts: list[Mart], about: dict[str, Any]
) -> dict[str, Any]:
    with duckdb.connect() as con:
        with opening(target.marts):
            con.execute(f"attach {literal(str(target.marts))} as warehouse (read_only)")
        marts = with_dictionary(con, marts)
        counts = _write_marts(con, folder, marts)
        _write_parquet(con, folder, marts)
        cards = _rows(con, marts, "card_values", CARD_STATE)
        guard = _rows(con, marts, "fct_master_guard", GUARD_STATE)
    if about["contains_personal_data"]:  # what the deploy gate compares with
        (folder / "dbt").mkdir()
        shutil.copyfile(target.target / "manifest.json", folder / "dbt" / "manifest.json")
    as_of = max((card["as_of_date"] for card in cards), default=None)
    written = {
        **about,
        "as_of": as_of,
        "storage_version": STORAGE_VERSION,
        "cards": cards,
        "guard": guard,
        "row_counts": counts,
        "files": checksums(folder),
    }
    text = json.dumps(written, indent=2, default=str) + "\n"
    (folder / "manifest.json").write_text(text, "utf-8")
    return json.loads(text)


def check_green(results: dict[str, Any], manifest: dict[str, Any], target: Warehouse) -> None:
    """Raise BuildError if a node failed, or if it was not a full build."""
    arguments = results["args"]
    chosen = arguments.get("select") or arguments.get("exclude") or arguments.get("empty")
    if arguments.get("which") != "build" or chosen:
        raise BuildError(
            "nothing published: the last dbt command was not a full build; run `dbt build`."
        )
    names = {**manifest["nodes"], **manifest.get("unit_tests", {})}
    failed = [row for row in results["results"] if row["status"] in FAULTY]
    if failed:
        lines = [_failure(row, names, manifest) + _rows_of(row, manifest, target) for row in failed]
        if any(line.startswith(GUARD_TEST) for line in lines):
            guard = "select guard_reason from core.fct_master_guard order by all"
            reasons = (row["guard_reason"] for row in records_of(target.marts, guard))
            lines += filter(None, reasons)
        listed = "".join(f"\n  {line}" for line in lines)
        is_machine = any(MACHINE.search(row.get("message") or "") for row in failed)
        raise (InputError if is_machine else BuildError)(
            f"nothing published: {len(failed)} of the build's nodes failed; the last published "
            f"marts stay. Fix this and run again:{listed}"
        )


def warnings_of(target: Warehouse) -> list[str]:
    """What the tests of the last build warn about, each with its remedy and where its rows are,
    those of the field map with the first rows; not that a card is in alert: the cards say so."""
    results = _read_artefact(target.target / "run_results.json")
    manifest = _read_artefact(target.target / "manifest.json")
    found = []
    for row in results["results"]:
        node = manifest["nodes"].get(row["unique_id"], {})
        if row["status"] != "warn" or node.get("name") == ALERT_TEST:
            continue
        found.append(_failure(row, manifest["nodes"], manifest) + _rows_of(row, manifest, target))
    return found


def _rows_of(row: dict[str, Any], manifest: dict[str, Any], target: Warehouse) -> str:
    """Where the rows of a test are; of one of the field map, the first."""
    node = manifest["nodes"].get(row["unique_id"], {})
    if row["status"] == "error" or not node.get("config", {}).get("store_failures"):
        return ""
    table = f"{node['schema']}.{node['alias']}"
    is_shown = "field_map" in node["original_file_path"]
    place = f" All rows: table {table} of {shown(target.marts)}"
    return place + (_first_rows(target, table) if is_shown else "")


def _first_rows(target: Warehouse, table: str) -> str:
    rows = records_of(target.marts, f"from {table} limit {ROWS_SHOWN}")
    return "".join(
        "\n    " + one_line(", ".join(f"{name} {v}" for name, v in row.items() if v is not None))
        for row in rows
    )


def _failure(row: dict[str, Any], names: dict[str, Any], manifest: dict[str, Any]) -> str:
    """A failed test with its remedy: its own, or the one of its generic test."""
    node = names.get(row["unique_id"], {})
    macros = node.get("depends_on", {}).get("macros", [])
    code = node.get("raw_code", "").splitlines() if node.get("resource_type") == "test" else ()
    # a changed test that dbt parsed partially has lost its description
    comment = " ".join(line[2:].strip() for line in code if line.startswith("--"))
    described = (manifest["macros"][name]["description"] for name in macros)
    texts = [node.get("description"), comment, *described]
    remedy = next(filter(None, texts), "")
    number = row.get("failures")
    count = f" ({number} {'row' if number == 1 else 'rows'}), expected" if number else ""
    message = "" if count else row.get("message") or ""
    text = " ".join(f"{remedy} {message}".split())
    return f"{node.get('name', row['unique_id'])}{count}: {text[:600]}"


@contextmanager
def _removed_if_it_fails(unfinished: Path) -> Iterator[None]:
    """Remove the folder of a set that could not be written or failed the audit."""
    try:
        yield
    except BaseException as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        if not isinstance(error, duckdb.Error | OSError):
            raise
        raise BuildError(
            f"nothing published: {shown(unfinished)} could not be written; the last published set "
            f"stays. Fix this and run again: {error}"
        ) from error


def _write_marts(con: duckdb.DuckDBPyConnection, folder: Path, marts: list[Mart]) -> dict[str, int]:
    """The DuckDB file; row counts by published table."""
    path = literal(str(folder / "marts.duckdb"))
    con.execute(f"attach {path} as out (storage_version '{STORAGE_VERSION}')")
    counts = {}
    for mart in marts:
        con.execute(f'create schema if not exists out."{mart.published_schema}"')
        table = f'out."{mart.published_schema}"."{mart.name}"'
        con.execute(f"create table {table} as from {mart.place}")
        row = con.execute(f"select count(*) from {table}").fetchone()
        counts[mart.published_name] = row[0] if row else 0
    described = f"select table_schema, table_name, column_name, description from {DICTIONARY.place}"
    for schema, name, column, text in con.execute(described).fetchall():
        what = f'table out."{schema}"."{name}"'
        if column:
            what = f'column out."{schema}"."{name}"."{column}"'
        con.execute(f"comment on {what} is {literal(text or '')}")
    con.execute("detach out")
    return counts


def _write_parquet(con: duckdb.DuckDBPyConnection, folder: Path, marts: list[Mart]) -> None:
    for mart in marts:
        path = folder / mart.parquet
        path.parent.mkdir(parents=True, exist_ok=True)
        con.execute(
            f"copy {mart.place} to {literal(str(path))} (format parquet, compression snappy)"
        )


def _rows(
    con: duckdb.DuckDBPyConnection, marts: list[Mart], name: str, columns: str
) -> list[Record]:
    """Some columns of a mart as records. Raises BuildError if the build has no such mart."""
    mart = next((mart for mart in marts if mart.name == name), None)
    if mart is None:
        raise BuildError(f"nothing published: {name} is not among the public marts of the build.")
    return records(con.execute(f"select {columns} from {mart.place} order by all"))


def _read_artefact(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text("utf-8")).items())
    except (OSError, ValueError, AttributeError) as error:
        raise InputError(
            f"{shown(path)} cannot be read: nothing was built here yet; run `make run`."
        ) from error
