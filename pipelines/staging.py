"""Files of one batch → one staging table of text columns, in a scratch DuckDB file.

DuckDB takes the declared fields out of each record in one pass over the text; the digits of a
number stay as they are. A staging row has the columns of the raw table (all text but the helper
columns) plus `_file_no`, `_problem` (why it is not loaded, or NULL) and `_value` (the record as
received, clipped, where there is a problem).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from pipelines.discovery import Batch, InputFile
from pipelines.readers import (
    LINE_SCHEMA,
    Advance,
    csv_schema,
    open_bytes,
    read_csv,
    read_csv_header,
    read_lines,
)
from pipelines.settings import InputError
from pipelines.tables import Resource

VALUE_LENGTH = 500
ARROW_ROWS = 20_000
CHILD = "child line"  # a nested row of a Shopify bulk file; belongs to another record
OLDER = "older"
PARENT_FIELD = "__parentId"

# ISO 8601 (without a zone: UTC), RFC 2822, unix seconds or milliseconds → TIMESTAMP in UTC
PARSE_TIME = """
create or replace temp macro parse_time(text) as case
    when text like '____-__-%' then try_cast(text as timestamptz) at time zone 'UTC'
    when regexp_full_match(text, '\\d{9,10}') then make_timestamp(text::bigint * 1000000)
    when regexp_full_match(text, '\\d{12,13}') then make_timestamp(text::bigint * 1000)
    else try_strptime(replace(text, ' GMT', ' +0000'), '%a, %d %b %Y %H:%M:%S %z')
        at time zone 'UTC'
end
"""


@dataclass
class Staged:
    """A batch in its staging table, and what was counted on the way.

    `older` are records that a newer version of the same key replaces, `children` are nested rows
    of a Shopify bulk file; both are read, neither loaded nor rejected.
    """

    batch: Batch
    table: str
    rows_read: int = 0
    rejected: int = 0
    children: int = 0
    older: int = 0

    @property
    def loaded(self) -> int:
        return self.rows_read - self.rejected - self.children - self.older


@dataclass(frozen=True)
class _Relation:
    """How one file's records are read: SQL of the rows, and of each part of a record."""

    rows: str
    fields: dict[str, str]
    record: str
    value: str
    fault: str = "null"
    parent: str = "null"


def open_staging(path: str) -> duckdb.DuckDBPyConnection:
    """A scratch database in which the times of a file without a zone are UTC."""
    con = duckdb.connect(path)
    con.execute("set timezone = 'UTC'")
    con.execute(PARSE_TIME)
    return con


def stage(con: duckdb.DuckDBPyConnection, batch: Batch, table: str, advance: Advance) -> Staged:
    """Reads the files of a batch into `table`.

    Raises InputError for a file that cannot be loaded at all: unreadable, not its format, or
    without a key column.
    """
    columns = ", ".join(f'"{name}" {kind}' for name, kind in _staging_columns(batch.resource))
    con.execute(f"create or replace table {table} ({columns})")
    staged = Staged(batch, table)
    for number, file in enumerate(batch.files):
        _stage_file(con, staged, file, number, advance)
    _drop_older(con, staged)
    return staged


def leave_out_older_than_raw(con: duckdb.DuckDBPyConnection, staged: Staged, raw: str) -> None:
    """Marks the records of which the raw table `raw` already holds a newer version."""
    resource = staged.batch.resource
    if staged.batch.mode != "merge" or not resource.version:
        return
    same_key = " and ".join(f'old."{name}" = new."{name}"' for name in resource.key_columns)
    _mark_older(
        con,
        staged,
        f"""
        select new.rowid from {staged.table} as new
        inner join {raw} as old on {same_key} and old.instance = new.instance
        where new._problem is null
            and coalesce(old._version_at > new._version_at, old._version_at is not null)
        """,
    )


def arrow_batches(con: duckdb.DuckDBPyConnection, staged: Staged) -> Iterator[pa.Table]:
    """The rows to load, in the columns of the raw table without `_dlt_load_id`."""
    names = ", ".join(f'"{name}"' for name, _ in staged.batch.resource.sql_columns[:-1])
    rows = con.cursor().execute(
        f"select {names} from {staged.table} where _problem is null order by rowid"
    )
    for batch in rows.to_arrow_reader(ARROW_ROWS):
        yield pa.Table.from_batches([batch])


def rejects(con: duckdb.DuckDBPyConnection, staged: Staged) -> pa.Table:
    """What was not loaded, or not as declared: path, record_number, column_name, reason, value."""
    resource = staged.batch.resource
    parts = [
        f"""select _source_file as path, _record_number as record_number,
            null::varchar as column_name, _problem as reason, _value as value
        from {staged.table} where _problem not in ('{CHILD}', '{OLDER}')"""
    ]
    nested = [
        (c.name, _not_nested(c.name), "not an object or array")
        for c in resource.columns
        if c.kind == "json"
    ]
    version = next((c.name for c in resource.columns if c.field == resource.version), None)
    times = [(version, f"\"{version}\" <> '' and _version_at is null", "not a time")]
    parts += [
        f"""select _source_file, _record_number, '{name}', '{reason}',
            left("{name}", {VALUE_LENGTH})
        from {staged.table} where _problem is null and {condition}"""
        for name, condition, reason in (*nested, *(times if version else ()))
    ]
    return con.execute(" union all ".join(parts) + " order by 1, 2, 3").to_arrow_table()


def file_counts(con: duckdb.DuckDBPyConnection, staged: Staged) -> dict[int, tuple[int, int, int]]:
    """(rows read, loaded, rejected) by the number of the file."""
    rows = con.execute(
        f"""
        select _file_no, count(*), count(*) filter (where _problem is null),
            count(*) filter (where _problem not in ('{CHILD}', '{OLDER}'))
        from {staged.table} group by all
        """
    ).fetchall()
    return {number: (read, loaded, rejected) for number, read, loaded, rejected in rows}


def _not_nested(name: str) -> str:
    return f"""left("{name}", 1) not in ('{{', '[')"""


def _staging_columns(resource: Resource) -> Iterator[tuple[str, str]]:
    for name, kind in resource.sql_columns[:-1]:
        yield name, "VARCHAR" if kind == "JSON" else kind
    yield from (("_file_no", "INTEGER"), ("_problem", "VARCHAR"), ("_value", "VARCHAR"))


def _stage_file(
    con: duckdb.DuckDBPyConnection, staged: Staged, file: InputFile, number: int, advance: Advance
) -> None:
    with open_bytes(file):
        pass  # a file that is not what its name says is told apart before anything is read
    if file.format == "parquet":
        relation = _parquet(con, staged.batch.resource, file)
        advance(file.path.stat().st_size)
        try:
            _insert(con, staged, file, number, relation)
        except duckdb.Error as error:
            raise _not_parquet(file, error) from error
        return
    if file.format == "csv":
        header, delimiter = read_csv_header(file)
        if not header:
            return
        relation = _csv(staged.batch.resource, file, header)
        schema, batches = csv_schema(len(header)), read_csv(file, len(header), delimiter, advance)
    else:
        relation = _json(staged.batch.resource)
        schema, batches = LINE_SCHEMA, read_lines(file, advance)
    guarded = _Guarded(batches)
    con.register("records", pa.RecordBatchReader.from_batches(schema, iter(guarded)))
    try:
        _insert(con, staged, file, number, relation)
    except duckdb.Error:
        if guarded.error:
            raise guarded.error from None
        raise
    finally:
        con.unregister("records")


class _Guarded:
    """An iterator that keeps its error: through DuckDB it would come out as bare text."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        self._batches = batches
        self.error: InputError | None = None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self._batches
        except InputError as error:
            self.error = error
            raise


def _insert(
    con: duckdb.DuckDBPyConnection, staged: Staged, file: InputFile, number: int, read: _Relation
) -> None:
    resource = staged.batch.resource
    columns = {
        c.name: read.fields.get(c.field, "null")
        if c.kind == "text" or c.field not in read.fields
        else f"nullif({read.fields[c.field]}, 'null')"
        for c in resource.columns
    }
    if resource.has_record:
        columns["record"] = read.record
    faults = [f"when {read.fault} is not null then {read.fault}"]
    faults += [f"when {read.parent} is not null then '{CHILD}'"]
    faults += [
        f"when nullif(trim({read.fields[field]}), '') is null then 'no {field}'"
        for field in resource.key
    ]
    problem = f"case {' '.join(faults)} end"
    columns |= {
        "instance": "$instance",
        "_source_file": "$label",
        "_record_number": "n",
        "_file_no": str(number),
        "_problem": problem,
        "_value": f"case when {problem} is not null then left({read.value}, {VALUE_LENGTH}) end",
    }
    field_names = {c.field: c.name for c in resource.columns}
    times = {"_ordered_at": resource.order_time, "_version_at": resource.version}
    times_sql = "".join(
        f', parse_time("{field_names[field]}") as {name}' for name, field in times.items() if field
    )
    selected = ", ".join(f'{sql} as "{name}"' for name, sql in columns.items())
    con.execute(
        f"""
        insert into {staged.table} by name
        select *{times_sql} from (select {selected} from ({read.rows}))
        """,
        {"instance": staged.batch.instance, "label": file.label},
    )
    _count(con, staged, file, number)


def _json(resource: Resource) -> _Relation:
    shape = {c.field: "JSON" if c.kind == "json" else "VARCHAR" for c in resource.columns}
    shape[PARENT_FIELD] = "VARCHAR"
    transform = ", ".join(f'"{field}": "{kind}"' for field, kind in shape.items())
    rows = f"""
        with judged as (
            select n, text, case
                when fault is not null then fault
                when not json_valid(text) then 'not JSON'
                when json_type(text) <> 'OBJECT' then 'not a JSON object'
            end as fault
            from records
        )
        select *, json_transform(case when fault is null then text end, '{{{transform}}}') as r
        from judged
    """
    return _Relation(
        rows=rows,
        fields={field: f'r."{field}"' for field in shape if field != PARENT_FIELD},
        record="text",
        value="text",
        fault="fault",
        parent=f'r."{PARENT_FIELD}"' if resource.source == "shopify" else "null",
    )


def _csv(resource: Resource, file: InputFile, header: list[str]) -> _Relation:
    columns = {name: f"c{i}" for i, name in enumerate(_spelled(resource, file, header))}
    return _Relation(
        rows="select * from records",
        fields=_text_fields(resource, columns),
        record=_json_object(columns),
        value=f"coalesce(text, concat_ws(', ', {', '.join(columns.values())}))",
        fault="fault",
    )


def _parquet(con: duckdb.DuckDBPyConnection, resource: Resource, file: InputFile) -> _Relation:
    source = f"read_parquet({literal(str(file.path))}, file_row_number = true)"
    try:
        described = con.execute(f"describe select * from {source}").fetchall()
    except duckdb.Error as error:
        raise _not_parquet(file, error) from error
    kinds = {name: kind for name, kind, *_ in described if name != "file_row_number"}
    names = _spelled(resource, file, list(kinds))
    columns = {
        name: _as_text(f'"{raw}"', kind)
        for name, (raw, kind) in zip(names, kinds.items(), strict=True)
    }
    return _Relation(
        rows=f"select *, file_row_number + 1 as n from {source}",
        fields=_text_fields(resource, columns),
        record=_json_object({name: f'"{raw}"' for name, raw in zip(names, kinds, strict=True)}),
        value=f"concat_ws(', ', {', '.join(columns.values())})",
    )


def _not_parquet(file: InputFile, error: duckdb.Error) -> InputError:
    cause = str(error).splitlines()[0]
    return InputError(f"{file.path} cannot be read as Parquet ({cause}); export or copy it again.")


def _spelled(resource: Resource, file: InputFile, header: list[str]) -> list[str]:
    """The header with declared fields in the API's spelling.

    Raises InputError when a key column is missing or a field stands there twice.
    """
    spelling = {c.field.lower(): c.field for c in resource.columns}
    names = [spelling.get(name.lower(), name) for name in header]
    for field in resource.key:
        if field not in names:
            raise InputError(_missing(file, field, header, "column"))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            f"{file.path}: the column {twice[0]} stands there twice; keep one of them."
        )
    return names


def _missing(file: InputFile, field: str, names: list[str], kind: str) -> str:
    lower = {name.lower(): name for name in names}
    near = difflib.get_close_matches(field.lower(), lower, n=1, cutoff=0.6)
    hint = f" (did you mean its {lower[near[0]]!r}?)" if near else ""
    return f"{file.path}: the {kind} {field} is missing{hint}; export the file with it."


def _text_fields(resource: Resource, columns: dict[str, str]) -> dict[str, str]:
    """Each declared field as SQL text; what should be JSON and is not becomes a JSON string."""
    fields = {}
    for column in resource.columns:
        text = columns.get(column.field)
        if text and column.kind == "json":
            text = (
                f"case when trim({text}) = '' then null when json_valid({text}) then {text} "
                f"else to_json({text})::varchar end"
            )
        if text:
            fields[column.field] = text
    return fields


def _as_text(column: str, kind: str) -> str:
    """A Parquet column as the API would write it."""
    if kind.startswith("TIMESTAMP"):
        return f"replace(strftime({column}, '%Y-%m-%dT%H:%M:%S.%fZ'), '.000000Z', 'Z')"
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP")):
        return f"to_json({column})::varchar"
    if kind == "BLOB":
        return f"try(decode({column}))"
    return f"{column}::varchar"


def _json_object(columns: dict[str, str]) -> str:
    pairs = ", ".join(f"{literal(name)}, {sql}" for name, sql in columns.items())
    return f"json_object({pairs})::varchar"


def literal(text: str) -> str:
    """Text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _count(con: duckdb.DuckDBPyConnection, staged: Staged, file: InputFile, number: int) -> None:
    """Adds up the file's records. Raises InputError when none of them can be a record.

    Of a partial answer, which may well be a single record, all may be rejected.
    """
    counts = dict(
        con.execute(
            f"select coalesce(_problem, ''), count(*) from {staged.table} "
            f"where _file_no = {number} group by all"
        ).fetchall()
    )
    total = sum(counts.values())
    children = counts.pop(CHILD, 0)
    good = counts.pop("", 0)
    if counts and not good and not staged.batch.is_partial:
        raise InputError(_no_record(con, staged, file, number, max(counts, key=counts.get)))
    staged.rows_read += total
    staged.children += children
    staged.rejected += sum(counts.values())


def _no_record(
    con: duckdb.DuckDBPyConnection, staged: Staged, file: InputFile, number: int, problem: str
) -> str:
    """The sentence for a file in which every record is faulty, mostly for `problem`."""
    if staged.batch.origin == "api":  # goes to logs that people do not expect records in
        return f"{file.label}: no record of the answer can be read ({problem}); nothing is loaded."
    value = con.execute(
        f"select _value from {staged.table} where _file_no = {number} and _problem = ? limit 1",
        [problem],
    ).fetchone()[0]
    start = " ".join(value.split())[:60]
    if problem.startswith("no "):
        field = problem.removeprefix("no ")
        names = con.execute(
            "select case when json_valid($1) then json_keys($1) else [] end", [value]
        ).fetchone()[0]
        return _missing(file, field, names, "field") + f" Its first record: {start}"
    return (
        f"{file.path}: no record in it can be read ({problem}: {start}); "
        f"export it again as {'CSV' if file.format == 'csv' else 'one JSON object per line'}."
    )


def _drop_older(con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Of several records with one key: the newest version stays, else the later file and line."""
    keys = ", ".join(f'"{name}"' for name in staged.batch.resource.key_columns)
    version = "_version_at desc nulls last, " if staged.batch.resource.version else ""
    _mark_older(
        con,
        staged,
        f"""
        select rowid from {staged.table} where _problem is null qualify row_number() over (
            partition by {keys} order by {version} _file_no desc, _record_number desc
        ) > 1
        """,
    )


def _mark_older(con: duckdb.DuckDBPyConnection, staged: Staged, rowids: str) -> None:
    staged.older += con.execute(
        f"update {staged.table} set _problem = '{OLDER}' where rowid in ({rowids})"
    ).fetchone()[0]
