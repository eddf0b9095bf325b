"""Files of one batch → one staging table of text columns, in a scratch DuckDB file.

DuckDB extracts the declared fields in one pass over the text; digits of numbers are preserved. A
row has the columns of the raw table (text, except helper columns) plus `_file_no`, `_problem` (why
it is not loaded, or NULL) and `_value` (the received record, clipped, if there is a problem).
"""

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa

from pipelines.duck import columns_of, literal, sql
from pipelines.load.discovery import Batch, why_unread
from pipelines.load.judge import IN_NO_WINDOW, StagedFile, filled, judge, lacking, missing
from pipelines.load.readers import (
    CHILD,
    CUT_OFF,
    LINE_SCHEMA,
    NO_RECORD,
    InputFile,
    csv_schema,
    first_names,
    open_bytes,
    read_csv,
    read_csv_header,
    read_lines,
    table_function,
    titles,
)
from pipelines.load.shapes import Shape, shape_of
from pipelines.settings import InputError
from pipelines.sources.tables import NESTED, Resource, snake_case

VALUE_LENGTH = 500
ROW_GROUP = 20_480
# rows are written and read once: one thread and few rows at a time cost no more CPU
LITTLE_MEMORY = {"threads": 1, "write_buffer_row_group_count": 1}
OLDER = "older"
PARENT_FIELD = "__parentId"
FIRST_ORDER = "2000-01-01"  # no shop is older: a time before it is that of an empty field
CLOCK_TOLERANCE = timedelta(minutes=5)  # how far the clock of a source may be ahead of ours
TEXT = "VARCHAR"
SHAPE_OWN = ("n", "fault", "text", "record")
OWN_COLUMNS = {"_file_no": "INTEGER", "_is_twice": "BOOLEAN", "_problem": TEXT, "_value": TEXT}
NAMES = {
    "in_no_window": IN_NO_WINDOW,
    "first_order": FIRST_ORDER,
    "child": CHILD,
    "no_record": (*NO_RECORD, OLDER),
    "nested": NESTED,
    "older": OLDER,
    "value_length": VALUE_LENGTH,
    "snake_case": snake_case,
}


@dataclass
class Staged:
    """A batch in its staging table. `older` records and the rows of `left_out` (no records) are
    read, but neither loaded nor rejected. `values` are rejected values of loaded records.
    `is_first`: the raw table has no row of the instance. `fields`: the declared ones that occur,
    `earlier`: those of earlier files."""

    batch: Batch
    table: str
    rows_read: int = 0
    rejected: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    older: int = 0
    values: int = 0
    unread: dict[str, None] = field(default_factory=dict)
    is_first: bool = False
    earlier: Set[str] = frozenset()
    fields: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)

    @property
    def loaded(self) -> int:
        return self.rows_read - self.rejected - self.left_out.total() - self.older


@dataclass(frozen=True)
class _Relation:
    """SQL of the rows of a file and of each part of a record. `names`: the fields of its first
    record; `header`: its columns, None for JSON lines."""

    rows: str
    names: Sequence[str]
    fields: dict[str, str]
    record: str
    value: str
    fault: str = "null"
    parent: str = "null"
    is_twice: str = "false"
    header: Sequence[str] | None = None
    unread: Sequence[str] = ()
    note: str = ""
    remedy: str = "export the file with its values"


@dataclass(frozen=True)
class _Table:
    """A file with columns: SQL of its rows, and of the text and the value of each column. With
    `faults` its rows have `fault` and `text`."""

    rows: str
    names: Sequence[str]
    texts: Sequence[str]
    values: Sequence[str]
    has_faults: bool = True
    record: str = ""


def open_staging(path: str) -> duckdb.DuckDBPyConnection:
    """A scratch database in UTC; variable `latest`: no time of a change may be later."""
    con = duckdb.connect(config=LITTLE_MEMORY)
    con.execute("set timezone = 'UTC'")
    con.execute(f"attach {literal(path)} as staging (row_group_size {ROW_GROUP}); use staging")
    con.execute(sql("load/sql/macros.sql"))
    con.execute(sql("load/sql/shape_macros.sql"))
    latest = (datetime.now(UTC) + CLOCK_TOLERANCE).replace(tzinfo=None)
    con.execute(f"set variable latest = timestamp '{latest.isoformat(sep=' ')}'")
    return con


def stage(
    con: duckdb.DuckDBPyConnection, batch: Batch, table: str, earlier: Set[str] = frozenset()
) -> Staged:
    """Read the files of a batch into `table`. Raises InputError for an unusable file: unreadable,
    wrong format, without a key column, or refused by judge.py."""
    columns = {**dict(batch.resource.sql_columns[:-1]), **OWN_COLUMNS}
    kinds = {name: TEXT if kind == "JSON" else kind for name, kind in columns.items()}
    declared = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
    con.execute(f"create or replace table {table} ({declared})")
    staged = Staged(batch, table, earlier=earlier)
    for number, file in enumerate(batch.files):
        _stage_file(con, staged, file, number)
    resource = batch.resource
    names = {"keys": resource.key_columns, "has_version": bool(resource.version)}
    _mark_older(con, staged, sql("load/sql/older_in_batch.sql", table=table, **names))
    return staged


def leave_out_older_than_raw(con: duckdb.DuckDBPyConnection, staged: Staged, raw: str) -> None:
    """Mark records of which the raw table `raw` already has a newer version."""
    resource = staged.batch.resource
    if staged.batch.mode != "merge" or not resource.version:
        return
    rowids = sql(
        "load/sql/older_than_raw.sql", table=staged.table, raw=raw, keys=resource.key_columns
    )
    _mark_older(con, staged, rowids)


def rows_to_load(staged: Staged) -> str:
    """SQL of the rows to load, in the columns of the raw table without `_dlt_load_id`."""
    resource = staged.batch.resource
    values = [
        f"{resource.scalar(c, c.quoted)} as {c.quoted}"
        for c in resource.columns
        if c.kind not in NESTED and c.field not in resource.key
    ]
    names = ", ".join(f'"{name}"' for name, _ in resource.sql_columns[:-1])
    rows = f"select * replace ({', '.join(values)}) from {staged.table} where _problem is null"
    return f"select {names} from ({rows})"


def write_file(con: duckdb.DuckDBPyConnection, staged: Staged, load_id: str) -> str:
    """Write the rows to load as Parquet beside the database."""
    found = con.execute("select path from duckdb_databases() where database_name = 'staging'")
    path = f"{found.fetchone()[0]}.{staged.table}"
    con.execute(
        f"copy (select *, {literal(load_id)} as _dlt_load_id from ({rows_to_load(staged)}))"
        f" to {literal(path)} (format parquet, row_group_size {ROW_GROUP})"
    )
    return path


def rejects(con: duckdb.DuckDBPyConnection, staged: Staged) -> pa.Table:
    """Rejected records and values: path, record_number, record_key, column_name, reason, value."""
    values = {"table": staged.table, "resource": staged.batch.resource, "filled": filled}
    return con.execute(sql("load/sql/rejects.sql", **values, **NAMES)).to_arrow_table()


def file_counts(con: duckdb.DuckDBPyConnection, staged: Staged) -> dict[int, tuple[int, int, int]]:
    """(rows read, loaded, rejected) by the number of the file."""
    counts = sql("load/sql/file_counts.sql", table=staged.table, **NAMES)
    rows = con.execute(counts).fetchall()
    return {number: (read, loaded, rejected) for number, read, loaded, rejected in rows}


def _stage_file(
    con: duckdb.DuckDBPyConnection, staged: Staged, file: InputFile, number: int
) -> None:
    with open_bytes(file):
        pass  # detects a file in another format than its name before reading
    if file.format in ("parquet", "xlsx"):
        try:
            read = _relation(con, staged.batch, file, _typed(con, file))
            _insert(con, staged, file, number, read)
        except duckdb.Error as error:
            problem = f"cannot be read as {file.format} ({str(error).splitlines()[0]})"
            raise InputError(f"{file.path} {problem}; export or copy it again.") from error
        return
    if file.format == "csv":
        header, delimiter = read_csv_header(file)
        if not header:
            return
        cells = [f"c{i}" for i in range(len(header))]
        table = _Table("select * from records", header, cells, cells)
        schema, batches = csv_schema(len(header)), read_csv(file, len(header), delimiter)
    else:
        table = None
        schema, batches = LINE_SCHEMA, read_lines(file)
    errors: list[InputError] = []  # DuckDB would reduce them to text

    def guarded() -> Iterator[pa.RecordBatch]:
        try:
            yield from batches
        except InputError as error:
            errors.append(error)
            raise

    con.register("records", pa.RecordBatchReader.from_batches(schema, guarded()))
    try:
        _insert(con, staged, file, number, _relation(con, staged.batch, file, table))
    except duckdb.Error as error:
        raise (errors or [error])[0] from None
    finally:
        con.unregister("records")


def _insert(
    con: duckdb.DuckDBPyConnection, staged: Staged, file: InputFile, number: int, read: _Relation
) -> None:
    """Raises InputError for an unusable file."""
    values = {"table": staged.table, "number": number, "read": read}
    statement = sql("load/sql/insert_staged.sql", resource=staged.batch.resource, **values, **NAMES)
    con.execute(statement, {"instance": staged.batch.instance, "label": file.label})
    counts = dict(
        con.execute(
            f"select coalesce(_problem, ''), count(*) from {staged.table} "
            f"where _file_no = {number} group by all"
        ).fetchall()
    )
    names = (frozenset(read.names), read.header, read.remedy)
    found = StagedFile(con, staged.table, staged.batch, file, number, counts, *names)
    judge(found)
    staged.rows_read += sum(counts.values())
    staged.left_out.update({one: counts[one] for one in NO_RECORD if one in counts})
    staged.rejected += sum(found.faults.values())
    fields = found.fields(staged.earlier)
    staged.fields |= fields
    staged.unread |= dict.fromkeys(read.unread)
    staged.warnings += [read.note] if read.note else []
    staged.warnings += lacking(found, staged.earlier - fields)


def _relation(
    con: duckdb.DuckDBPyConnection, batch: Batch, file: InputFile, table: _Table | None
) -> _Relation:
    """How a file is read: by a shape, else by its names, which are those of the API."""
    resource = batch.resource
    names = table.names if table else first_names(file)
    is_file = batch.origin == "extracts"
    shape = shape_of(resource, names, titles(file)) if is_file else None
    if shape:
        read = _shaped(con, batch, shape, table or _lines(shape, names))
        places = () if resource.has_record else shape.places(names).values()
        unread = [name for at, name in enumerate(names) if places and at not in places]
        note = f"{file.path} {shape.note(names).rstrip('.')}."
        return replace(read, unread=unread, note=note, remedy=shape.remedy)
    is_api_form = {name.lower() for name in resource.key} <= {name.lower() for name in names}
    if table and is_file and not is_api_form and (reason := why_unread(file, resource.source)):
        raise InputError(f"{file.path}: {reason}.")
    read = _columnar(resource, table, _spelled(resource, file, names)) if table else None
    read = read or _json(resource, names)
    unread = [name for name in names if name.lower() not in resource.spelling]
    if resource.has_record or batch.origin == "api":
        return read
    counts = f"{len(unread)} of its {len(names)} fields are not needed"
    note = f"WARNING {file.path}: {counts}: is it another form?"
    return replace(read, unread=unread, note=note if len(unread) * 2 > len(names) else "")


def _lines(shape: Shape, names: Sequence[str]) -> _Table:
    """JSON lines as a file with the columns of a shape, in the letters of the first record."""
    places = shape.places(names)
    fields = [names[places[one]] if one in places else one for one in shape.columns]
    transform = ", ".join(f'"{field}": "VARCHAR"' for field in fields)
    rows = sql("load/sql/json_lines.sql", shape=literal(f"{{{transform}}}"), cut_off=CUT_OFF)
    texts = [f'r."{field}"' for field in fields]
    return _Table(rows, list(shape.columns), texts, texts, record="text")


def _shaped(con: duckdb.DuckDBPyConnection, batch: Batch, shape: Shape, table: _Table) -> _Relation:
    """A file as its shape reads it. Raises InputError for a shape that gives something else."""
    resource = batch.resource
    texts = {name: table.texts[at] for name, at in shape.places(table.names).items()}
    columns = {name: texts.get(name, "null") for name in shape.columns}
    pairs = dict(zip(table.names, table.values, strict=True)) if resource.has_record else {}
    record = table.record or _json_object(resource, pairs)
    values = {"table": table, "columns": columns, "record": record, "instance": batch.instance}
    con.execute(sql("load/sql/shape_given.sql", **values))
    rows = sql("load/sql/shaped.sql", select=shape.select)
    try:
        found = [name for name in columns_of(con, f"({rows})") if name not in SHAPE_OWN]
    except duckdb.Error as error:
        raise InputError(f"{shape.path}: {str(error).splitlines()[0]}") from error
    fields = resource.spelling.values()
    if wrong := [*(set(found) - set(fields)), *(set(resource.key) - set(found))]:
        raise InputError(
            f"{shape.path}: it must give {' and '.join(resource.key)}, and only fields of"
            f" {resource.source} {resource.name}; check {' and '.join(sorted(wrong))}."
        )
    texts = [f'"{name}"::varchar' for name in found]
    read = _columnar(resource, _Table(rows, found, texts, texts), found)
    return replace(read, record=f"json_merge_patch(record, {read.record})::varchar")


def _json(resource: Resource, names: Sequence[str]) -> _Relation:
    """A field may be in the letters of the first record, DATAAREAID; what that lacks, in theirs."""
    written = {resource.spelling.get(name.lower()): name for name in names}
    ways = (str.upper, str.lower) if any(f and f != n for f, n in written.items()) else ()
    spell = next((way for way in ways if list(names) == list(map(way, names))), str)
    given = {
        c: c.field if c.field in names else written.get(c.field, spell(c.field))
        for c in resource.columns
    }
    shape = {given[c]: "JSON" if c.kind in NESTED else "VARCHAR" for c in resource.columns}
    shape[PARENT_FIELD] = "VARCHAR"
    transform = ", ".join(f'"{field}": "{kind}"' for field, kind in shape.items())
    rows = sql("load/sql/json_lines.sql", shape=literal(f"{{{transform}}}"), cut_off=CUT_OFF)
    return _Relation(
        rows=rows,
        names=names,
        fields={
            c.field: f'unwrapped(r."{name}")' if c.kind in NESTED else f'r."{name}"'
            for c, name in given.items()
        },
        record="text",
        value="text",
        fault="fault",
        is_twice="is_twice",
        parent=f'r."{PARENT_FIELD}"' if resource.source == "shopify" else "null",
    )


def _typed(con: duckdb.DuckDBPyConnection, file: InputFile) -> _Table:
    """A Parquet file, or a workbook without its empty rows."""
    source = table_function(con, file)
    kinds = columns_of(con, source)
    kinds.pop("file_row_number", None)
    values = [f'"{name}"' for name in kinds]
    rows = f"select *, file_row_number + 1 as n from {source}"
    if file.format == "xlsx":
        rows = f"select *, row_number() over () + 1 as n from {source}"
        rows = f"select * from ({rows}) where coalesce({', '.join(values)}) is not null"
    texts = list(map(_as_text, values, kinds.values()))
    return _Table(rows, list(kinds), texts, values, has_faults=False)


def _columnar(resource: Resource, table: _Table, names: Sequence[str]) -> _Relation:
    """A file with columns, by the API's names of them."""
    texts = dict(zip(names, table.texts, strict=True))
    value = f"concat_ws(', ', {', '.join(texts.values())})"
    return _Relation(
        rows=table.rows,
        names=tuple(texts),
        fields={
            c.field: f"json_or_string({texts[c.field]})" if c.kind in NESTED else texts[c.field]
            for c in resource.columns
            if c.field in texts
        },
        record=_json_object(resource, dict(zip(names, table.values, strict=True))),
        value=f"coalesce(text, {value})" if table.has_faults else value,
        fault="fault" if table.has_faults else "null",
        header=tuple(texts),
    )


def _spelled(resource: Resource, file: InputFile, header: Sequence[str]) -> list[str]:
    """The header with declared fields in the API's spelling. Raises InputError if a key column is
    missing or a field occurs twice."""
    spelling = resource.spelling
    names = [spelling.get(name.lower(), name) for name in header]
    for key in resource.key:
        if key not in names:
            raise InputError(missing(str(file.path), resource, key, header, "column"))
    seen: dict[str, str] = {}
    for name, given in zip(names, header, strict=True):
        first = seen.setdefault(name.lower(), given)
        if first is not given and (resource.has_record or name in spelling.values()):
            raise InputError(
                f"{file.path}: the column {name} occurs twice ({first}, {given}); keep one of them."
            )
    return names


def _as_text(column: str, kind: str) -> str:
    """A Parquet column in API format."""
    if kind.startswith("TIMESTAMP"):
        return f"replace(strftime({column}, '%Y-%m-%dT%H:%M:%S.%fZ'), '.000000Z', 'Z')"
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP")):
        return f"to_json({column})::varchar"
    if kind == "BLOB":
        return f"try(decode({column}))"
    if kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL"):
        is_whole = f"{column} = trunc({column}) and abs({column}) < 1e15"
        return f"case when {is_whole} then {column}::bigint::varchar else {column}::varchar end"
    return f"{column}::varchar"


def _json_object(resource: Resource, columns: dict[str, str]) -> str:
    """The record; names of a company's own fields in small letters (macro own_field)."""
    declared = {column.field for column in resource.columns}
    columns = {n if n in declared else n.lower(): value for n, value in columns.items()}
    pairs = ", ".join(f"{literal(name)}, {sql}" for name, sql in columns.items())
    return f"json_object({pairs})::varchar"


def _mark_older(con: duckdb.DuckDBPyConnection, staged: Staged, rowids: str) -> None:
    staged.older += con.execute(
        f"update {staged.table} set _problem = '{OLDER}' where rowid in ({rowids})"
    ).fetchall()[0][0]
