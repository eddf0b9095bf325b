"""Files of one batch → one staging table of text columns, in a scratch DuckDB file.

DuckDB extracts the declared fields in one pass over the text; digits of numbers are preserved. A
staging row has the columns of the raw table (text, except helper columns) plus `_file_no`,
`_problem` (why it is not loaded, or NULL) and `_value` (the received record, clipped, if there is a
problem).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa

from pipelines.duck import literal
from pipelines.load.discovery import Batch, InputFile
from pipelines.load.judge import CHILD, IN_NO_WINDOW, StagedFile, filled, judge, missing
from pipelines.load.readers import (
    CUT_OFF,
    LINE_SCHEMA,
    Advance,
    csv_schema,
    open_bytes,
    read_csv,
    read_csv_header,
    read_lines,
)
from pipelines.settings import InputError
from pipelines.sources.tables import Resource, snake_case

VALUE_LENGTH = 500
ARROW_ROWS = 20_000
OLDER = "older"
PARENT_FIELD = "__parentId"
CLOCK_TOLERANCE = timedelta(minutes=5)  # how far the clock of a source may be ahead of ours
FUTURE = "a time after the load: this version replaces no other"

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
    """A batch in its staging table, with counts.

    `older` are records replaced by a newer version, `children` nested rows of a Shopify bulk file;
    both are read, but neither loaded nor rejected. `values` are rejected values of loaded records.
    """

    batch: Batch
    table: str
    rows_read: int = 0
    rejected: int = 0
    children: int = 0
    older: int = 0
    values: int = 0

    @property
    def loaded(self) -> int:
        return self.rows_read - self.rejected - self.children - self.older


@dataclass(frozen=True)
class _Relation:
    """How the records of a file are read: SQL of the rows and of each part of a record."""

    rows: str
    fields: dict[str, str]
    record: str
    value: str
    fault: str = "null"
    parent: str = "null"
    header: Sequence[str] | None = None


def open_staging(path: str) -> duckdb.DuckDBPyConnection:
    """A scratch database in which times without a zone are UTC.

    Its variable `latest` is the latest modification time allowed in this load.
    """
    con = duckdb.connect(path)
    con.execute("set timezone = 'UTC'")
    con.execute(PARSE_TIME)
    latest = (datetime.now(UTC) + CLOCK_TOLERANCE).replace(tzinfo=None)
    con.execute(f"set variable latest = timestamp '{latest.isoformat(sep=' ')}'")
    return con


def stage(con: duckdb.DuckDBPyConnection, batch: Batch, table: str, advance: Advance) -> Staged:
    """Read the files of a batch into `table`.

    Raises InputError for an unusable file: unreadable, wrong format, without a key column, or
    refused by judge.py.
    """
    columns = ", ".join(f'"{name}" {kind}' for name, kind in _staging_columns(batch.resource))
    con.execute(f"create or replace table {table} ({columns})")
    staged = Staged(batch, table)
    for number, file in enumerate(batch.files):
        _stage_file(con, staged, file, number, advance)
    _drop_older(con, staged)
    return staged


def leave_out_older_than_raw(con: duckdb.DuckDBPyConnection, staged: Staged, raw: str) -> None:
    """Mark records of which the raw table `raw` already has a newer version.

    A version without a readable time is not older: the later load wins. One with a time after the
    load never wins over a valid one.
    """
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
        where new._problem is null and case
            when old._version_at > getvariable('latest') then false
            when new._version_at > getvariable('latest') then true
            else coalesce(old._version_at > new._version_at, false)
        end
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
    """Records and values that were rejected.

    Columns: path, record_number, record_key, column_name, reason, value.
    """
    resource = staged.batch.resource
    key = _record_key(resource)
    parts = [
        f"""select _source_file as path, _record_number as record_number, {key} as record_key,
            null::varchar as column_name, _problem as reason, _value as value
        from {staged.table} where _problem not in ('{CHILD}', '{OLDER}')"""
    ]
    parts += [
        f"""select _source_file, _record_number, {key}, '{field}', {literal(reason)},
            left("{snake_case(field)}", {VALUE_LENGTH})
        from {staged.table} where {condition}"""
        for field, condition, reason in _value_faults(resource)
    ]
    return con.execute(" union all ".join(parts) + " order by 1, 2, 4").to_arrow_table()


def _record_key(resource: Resource) -> str:
    """SQL of a record's readable key: a Shopify id without `gid://shopify/Order/`."""
    parts = (f"regexp_replace(\"{name}\", '^gid://.*/', '')" for name in resource.key_columns)
    return f"nullif(concat_ws(' ', {', '.join(parts)}), '')"


def _value_faults(resource: Resource) -> Iterator[tuple[str, str, str]]:
    """(field, SQL condition, reason) of invalid values in loaded records."""
    stays = "_problem is null"
    for column in resource.columns:
        if column.kind == "json":
            yield column.field, f"{stays} and {_not_nested(column.name)}", "not an object or array"
    if resource.version:
        name = snake_case(resource.version)
        yield (
            resource.version,
            f"{stays} and \"{name}\" <> '' and _version_at is null",
            "not a time",
        )
        is_read = f"coalesce(_problem, '{OLDER}') = '{OLDER}'"
        yield resource.version, f"{is_read} and _version_at > getvariable('latest')", FUTURE
    for need in resource.needs:
        if need.may_be_blank or need.is_listed_later or resource.order_time in need.fields:
            continue
        blank = " and ".join(f"not ({filled(resource, path)})" for path in need.paths)
        yield need.fields[0], f"{stays} and {blank}", f"no value: {need.meaning} is not known"


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
        pass  # detects a file in another format than its name before reading
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
    """An iterator that keeps its error, which DuckDB would reduce to text."""

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
    columns |= {
        "instance": "$instance",
        "_source_file": "$label",
        "_record_number": "n",
        "_file_no": str(number),
        "_fault": f"case {' '.join(faults)} end",
        "_text": read.value,
    }
    times = {"_ordered_at": resource.order_time, "_version_at": resource.version}
    times_sql = "".join(
        f', parse_time("{snake_case(field)}") as {name}' for name, field in times.items() if field
    )
    selected = ", ".join(f'{sql} as "{name}"' for name, sql in columns.items())
    con.execute(
        f"""
        insert into {staged.table} by name
        with read as (select {selected} from ({read.rows})),
        timed as (select *{times_sql} from read),
        judged as (select *, {_problem(resource)} as _problem from timed)
        select
            * exclude (_fault, _text),
            case when _problem is not null then left(_text, {VALUE_LENGTH}) end as _value
        from judged
        """,
        {"instance": staged.batch.instance, "label": file.label},
    )
    _count(con, staged, file, number, read.header)


def _problem(resource: Resource) -> str:
    """Why a record is not loaded: its fault, or a missing order time."""
    field = resource.order_time
    if not field:
        return "_fault"
    return f"""coalesce(_fault, case
        when coalesce(trim("{snake_case(field)}"), '') = '' then 'no {field}{IN_NO_WINDOW}'
        when _ordered_at is null then '{field} is not a time{IN_NO_WINDOW}'
    end)"""


def _json(resource: Resource) -> _Relation:
    shape = {c.field: "JSON" if c.kind == "json" else "VARCHAR" for c in resource.columns}
    shape[PARENT_FIELD] = "VARCHAR"
    transform = ", ".join(f'"{field}": "{kind}"' for field, kind in shape.items())
    rows = f"""
        with judged as (
            select n, text, case
                when is_open and (fault is not null or not json_valid(text)) then '{CUT_OFF}'
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
        fields={
            c.field: _unwrapped(f'r."{c.field}"') if c.kind == "json" else f'r."{c.field}"'
            for c in resource.columns
        },
        record="text",
        value="text",
        fault="fault",
        parent=f'r."{PARENT_FIELD}"' if resource.source == "shopify" else "null",
    )


def _unwrapped(text: str) -> str:
    """An object or array sent as JSON text in a string, as warehouses unload them."""
    inner = f"json_extract_string({text}, '$')"
    is_nested = f"left(ltrim({inner}), 1) in ('{{', '[') and json_valid({inner})"
    return f"case when left({text}, 1) = '\"' and {is_nested} then {inner} else {text} end"


def _csv(resource: Resource, file: InputFile, header: list[str]) -> _Relation:
    columns = {name: f"c{i}" for i, name in enumerate(_spelled(resource, file, header))}
    return _Relation(
        rows="select * from records",
        fields=_text_fields(resource, columns),
        record=_json_object(columns),
        value=f"coalesce(text, concat_ws(', ', {', '.join(columns.values())}))",
        fault="fault",
        header=tuple(columns),
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
        header=names,
    )


def _not_parquet(file: InputFile, error: duckdb.Error) -> InputError:
    cause = str(error).splitlines()[0]
    return InputError(f"{file.path} cannot be read as Parquet ({cause}); export or copy it again.")


def _spelled(resource: Resource, file: InputFile, header: list[str]) -> list[str]:
    """The header with declared fields in the API's spelling.

    Raises InputError if a key column is missing or a field occurs twice.
    """
    spelling = {c.field.lower(): c.field for c in resource.columns}
    names = [spelling.get(name.lower(), name) for name in header]
    for field in resource.key:
        if field not in names:
            raise InputError(missing(str(file.path), resource, field, header, "column"))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"{file.path}: the column {twice[0]} occurs twice; keep one of them.")
    return names


def _text_fields(resource: Resource, columns: dict[str, str]) -> dict[str, str]:
    """Each declared field as SQL text; invalid JSON becomes a JSON string."""
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
    """A Parquet column in API format."""
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


def _count(
    con: duckdb.DuckDBPyConnection,
    staged: Staged,
    file: InputFile,
    number: int,
    header: Sequence[str] | None,
) -> None:
    """Count the file's records. Raises InputError for an unusable file."""
    counts = dict(
        con.execute(
            f"select coalesce(_problem, ''), count(*) from {staged.table} "
            f"where _file_no = {number} group by all"
        ).fetchall()
    )
    found = StagedFile(con, staged.table, staged.batch, file, number, counts, header)
    judge(found)
    staged.rows_read += sum(counts.values())
    staged.children += counts.get(CHILD, 0)
    staged.rejected += sum(found.faults.values())


def _drop_older(con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Of several records with one key keep the newest version, else the last one.

    A record without a readable time is newer than the rows before it; one with a time after the
    load is older than all others.
    """
    keys = ", ".join(f'"{name}"' for name in staged.batch.resource.key_columns)
    place = "(_file_no, _record_number)"
    version = "_version_at" if staged.batch.resource.version else "null::timestamp"
    _mark_older(
        con,
        staged,
        f"""
        with versions as (
            select rowid as row_id, {keys}, row{place} as place,
                coalesce({version} > getvariable('latest'), false) as is_future,
                {version} as version_at
            from {staged.table} where _problem is null
            qualify count(*) over (partition by {keys}) > 1
        ),
        ranked as (
            select *, first_value(place) over (
                partition by {keys} order by is_future, version_at desc nulls last, place desc
            ) as newest_place
            from versions
        )
        select row_id from ranked qualify row_number() over (
            partition by {keys}
            order by is_future, version_at is null and place >= newest_place desc,
                version_at desc nulls last, place desc
        ) > 1
        """,
    )


def _mark_older(con: duckdb.DuckDBPyConnection, staged: Staged, rowids: str) -> None:
    staged.older += con.execute(
        f"update {staged.table} set _problem = '{OLDER}' where rowid in ({rowids})"
    ).fetchone()[0]
