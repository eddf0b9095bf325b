"""raw.duckdb: its tables, the log of earlier loads, and the dlt run that fills it.

Data is loaded through dlt, one pipeline per source; the log (`raw_load`) is written afterwards in
one transaction. After a kill in between, the files are loaded again with the same result.
"""

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

import duckdb
import pyarrow as pa

from pipelines.duck import Record, opening, records, sql
from pipelines.load.discovery import Batch
from pipelines.load.readers import InputFile
from pipelines.load.shapes import rules_of
from pipelines.load.staging import LITTLE_MEMORY, Staged, write_file
from pipelines.settings import InputError, Warehouse
from pipelines.sources.tables import RESOURCES, Mode, Resource

Outcome = Literal["loaded", "unchanged", "kept_old", "failed"]

PARTIAL = " of "  # separates endpoint and time of the call in the path of a reject
DLT_TYPES = {
    "VARCHAR": {"data_type": "text"},
    "JSON": {"data_type": "json"},
    "BIGINT": {"data_type": "bigint"},
    "TIMESTAMP": {"data_type": "timestamp", "timezone": False},
}
# staging.py left one row per key
MERGE = {"disposition": "merge", "strategy": "delete-insert", "deduplicated": True}


@dataclass(frozen=True)
class Result:
    """The outcome of one batch; `row_count`: rows of its instance in the raw table; `is_faulty`:
    its own files are at fault, `message` is shown."""

    batch: Batch
    outcome: Outcome
    rows_read: int = 0
    rows_loaded: int = 0
    rows_rejected: int = 0
    row_count: int = 0
    seconds: float = 0.0
    message: str = ""
    warnings: Sequence[str] = ()
    is_faulty: bool = False


@dataclass
class Work:
    """One batch being loaded: the hashes of its files by label, those to read, the fields of those
    before, and their counts (read, loaded, rejected). `problem`: why it is not loaded; `is_kept`:
    nothing arrived, the old rows stay."""

    batch: Batch
    hashes: dict[str, str] = field(default_factory=dict)
    files: tuple[InputFile, ...] = ()
    fields: frozenset[str] = frozenset()
    staged: Staged | None = None
    counts: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    rejects: pa.Table | None = None
    is_kept: bool = False
    problem: str = ""
    is_own_fault: bool = True
    seconds: float = 0.0


@contextmanager
def connect(target: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    """raw.duckdb for writing. Raises InputError if another program has it open."""
    target.root.mkdir(parents=True, exist_ok=True)
    with opening(target.raw), duckdb.connect(str(target.raw)) as con:
        yield con


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create every declared table. Ids that another version wrote get their one spelling, once."""
    present = defaultdict(set)
    for schema, table, column in con.execute(
        "select table_schema, table_name, column_name from information_schema.columns"
    ).fetchall():
        present[schema, table].add(column)
    macros = sql("load/sql/macros.sql")
    keyed = [resource for resource in RESOURCES if resource.key_ids]
    ids = [(resource.schema, resource.name, resource.gid, resource.key_ids) for resource in keyed]
    rules = hashlib.sha256(f"{macros}{ids}".encode()).hexdigest()
    con.execute(macros)
    con.execute("begin")
    con.execute(sql("load/sql/log_tables.sql"))
    for resource in RESOURCES:
        _create_table(con, resource, present[resource.schema, resource.name])
    if con.execute("select rules from raw_load.spelling").fetchall() != [(rules,)]:
        for resource in keyed:
            _spell_ids(con, resource)
        con.execute("delete from raw_load.spelling")
        con.execute("insert into raw_load.spelling values (?)", [rules])
    con.execute("commit")


def _create_table(con: duckdb.DuckDBPyConnection, resource: Resource, present: set[str]) -> None:
    columns = [f'"{name}" {kind}' for name, kind in resource.sql_columns]
    if not present:
        con.execute(f"create schema if not exists {resource.schema}")
        con.execute(f"create table {table_of(resource)} ({', '.join(columns)})")
        return
    for (name, _), column in zip(resource.sql_columns, columns, strict=True):
        if name not in present:
            con.execute(f"alter table {table_of(resource)} add column {column}")


def _spell_ids(con: duckdb.DuckDBPyConnection, resource: Resource) -> None:
    keys = {column.quoted: resource.scalar(column, column.quoted) for column in resource.key_ids}
    other = " or ".join(f"{name} is distinct from {value}" for name, value in keys.items())
    table = table_of(resource)
    if con.execute(f"select 1 from {table} where {other} limit 1").fetchone():
        values = {"table": table, "keys": keys, "has_version": resource.version}
        con.execute(sql("load/sql/one_spelling.sql", **values))


def table_of(resource: Resource) -> str:
    return f'{resource.schema}."{resource.name}"'


def declaration(resource: Resource, mode: Mode) -> str:
    """A hash of everything but messages that affects how a file is read: then it is read again."""
    judged_by = [(need.paths, need.may_be_blank) for need in resource.needs]
    columns = [(column.field, column.kind) for column in resource.columns]
    times = (resource.version, resource.order_time)
    parts = (resource.source, resource.name, mode, resource.key, columns, times, judged_by)
    parts += (resource.gid, resource.has_record, rules_of(resource))
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def known(con: duckdb.DuckDBPyConnection, source: str) -> dict[tuple[str, str], Record]:
    """The state of earlier loads by (instance, resource): see known.sql."""
    found = records(con.execute(sql("load/sql/known.sql"), {"source": source}))
    return {(row["instance"], row["resource"]): row for row in found}


def row_counts(con: duckdb.DuckDBPyConnection, resource: Resource) -> dict[str, int]:
    return dict(
        con.execute(f"select instance, count(*) from {table_of(resource)} group by all").fetchall()
    )


def run_dlt(
    target: Warehouse, con: duckdb.DuckDBPyConnection, source: str, staged: Iterable[Staged]
) -> str:
    """Load the staged rows of a source; the load id. The working folder starts empty: a leftover
    package of an interrupted run is dropped, because its files were not logged and are read again.
    Raises InputError if the rows cannot be written."""
    import dlt  # takes a second: not for runs with nothing to load
    from dlt.destinations.impl.duckdb.configuration import DuckDbCredentials

    folder = target.dlt / "pipelines"
    shutil.rmtree(folder / source, ignore_errors=True)
    pipeline = dlt.pipeline(
        pipeline_name=source,
        pipelines_dir=str(folder),
        # dlt 1.31 does not know that DuckDB has transactions: without this setting a merge is a
        # separate delete and insert, and a kill in between leaves an empty master
        destination=dlt.destinations.duckdb(
            DuckDbCredentials(str(target.raw), global_config=LITTLE_MEMORY),
            supports_transactions=True,
        ),
        dataset_name=f"raw_{source}",
    )
    by_table: dict[str, list[Staged]] = defaultdict(list)
    for one in staged:
        by_table[one.batch.resource.name].append(one)
    try:
        pipeline.sync_destination()
        pipeline.extract([_dlt_resource(con, group) for group in by_table.values()])
        con.close()  # its rows are in files now: its memory is free for the load
        pipeline.normalize()
        info = pipeline.load()
    except Exception as error:
        cause = str(error).splitlines()[-1]
        raise InputError(f"{source} could not be written to {target.raw} ({cause}).") from error
    return info.loads_ids[-1]


def _dlt_resource(con: duckdb.DuckDBPyConnection, group: list[Staged]) -> object:
    """One raw table: `whole` replaces its instances, `merge` its keys, each in one transaction. The
    first rows of an instance are appended; after a kill they are read again, and merged."""
    import dlt

    resource, mode = group[0].batch.resource, group[0].batch.mode
    if any(one.batch.mode != mode for one in group):
        raise ValueError(f"{resource.source}.{resource.name}: one load, but two modes")
    keys = ("instance", *resource.key_columns)
    columns = {
        name: {
            "name": name,
            "nullable": True,
            "primary_key": mode == "merge" and name in keys,
            "merge_key": mode == "whole" and name == "instance",
            **DLT_TYPES[kind],
        }
        for name, kind in resource.sql_columns
    }

    def files() -> Iterator[object]:
        load_id = dlt.current.load_package_state()["load_id"]
        for one in group:
            yield dlt.mark.with_file_import(write_file(con, one, load_id), "parquet", one.loaded)

    return dlt.resource(
        files,
        name=resource.name,
        columns=columns,
        write_disposition="append" if all(one.is_first for one in group) else MERGE,
    )


def write_log(
    con: duckdb.DuckDBPyConnection, run: Record, works: Iterable[Work], loads: Iterable[Result]
) -> None:
    """Write the `raw_load` entries of one load of one source, after its data. Files and rejects of
    a path are replaced. The rejects of a partial answer are added to the earlier ones, under a
    separate path, until the next complete answer."""
    con.execute("begin")
    for work in works:
        if not work.problem and not work.is_kept:
            _log_files(con, run, work)
    for result in loads:
        insert(con, "resource_loads", _owner(result.batch) | run | _load_row(result))
    con.execute("commit")


def _log_files(con: duckdb.DuckDBPyConnection, run: Record, work: Work) -> None:
    batch, owner = work.batch, _owner(work.batch)
    if work.staged and batch.mode == "whole":
        if not work.staged.loaded:
            table = table_of(batch.resource)
            con.execute(f"delete from {table} where instance = ?", [batch.instance])
        _delete(con, batch)
    for file in set(batch.files).difference(work.files):
        content = {"content": work.hashes[file.label], "at": delivered_at(batch, file)}
        con.execute(sql("load/sql/move_delivery_on.sql"), owner | content | {"path": file.label})
    for number, file in enumerate(work.files):
        _delete(con, batch, file.label)
        insert(con, "files", owner | run | _file_row(work, file, number))
    if work.rejects:
        con.register("new_rejects", work.rejects)
        con.execute(sql("load/sql/delete_repeated_rejects.sql", partial=PARTIAL), owner)
        when = f"{PARTIAL}{utc(batch.extracted_at).isoformat()}Z" if batch.is_partial else ""
        con.execute(sql("load/sql/insert_rejects.sql"), owner | run | {"when": when})
        con.unregister("new_rejects")


def utc(moment: datetime) -> datetime:
    """A time as in the log: UTC, without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def delivered_at(batch: Batch, file: InputFile) -> datetime:
    """When a file was delivered: its time, or the time of the API call (UTC, without a zone)."""
    if batch.origin == "api":
        return utc(batch.extracted_at)
    return utc(datetime.fromtimestamp(file.path.stat().st_mtime, UTC))


def _file_row(work: Work, file: InputFile, number: int) -> Record:
    read, good, rejected = work.counts.get(number, (0, 0, 0))
    return {
        "path": file.label,
        "content_sha256": work.hashes[file.label],
        "declaration": declaration(work.batch.resource, work.batch.mode),
        "byte_count": file.path.stat().st_size,
        "modified_at": delivered_at(work.batch, file),
        "rows_read": read,
        "rows_loaded": good,
        "rows_rejected": rejected,
        "fields": sorted(work.fields | work.staged.fields),
    }


def _load_row(result: Result) -> Record:
    names = ("outcome", "rows_read", "rows_loaded", "rows_rejected", "row_count")
    return {
        "extracted_at": utc(result.batch.extracted_at),
        "origin": result.batch.origin,
        "is_whole": result.batch.mode == "whole",
        "message": "; ".join(filter(None, (result.message, *result.warnings))) or None,
        **{name: getattr(result, name) for name in names},
    }


def _owner(batch: Batch) -> Record:
    return {
        "source": batch.resource.source,
        "instance": batch.instance,
        "resource": batch.resource.name,
    }


def _delete(con: duckdb.DuckDBPyConnection, batch: Batch, path: str | None = None) -> None:
    """Delete files and rejects of a path, or of the instance; a partial answer keeps rejects."""
    for table in ("files",) if batch.is_partial else ("files", "rejects"):
        statement = sql("load/sql/delete_path.sql", table=table, partial=PARTIAL)
        con.execute(statement, _owner(batch) | {"path": path})


def insert(con: duckdb.DuckDBPyConnection, table: str, row: Record) -> None:
    """Add a row to a log table; it replaces one of the same key, if the table has a key."""
    verb = "insert or replace" if table == "cursors" else "insert"
    marks = ", ".join(f"${name}" for name in row)
    con.execute(f"{verb} into raw_load.{table} ({', '.join(row)}) values ({marks})", row)
