"""Synapse Link and Fabric Link folders as a source of F&O and Dataverse tables.

API     no API: `link_folder` is a local or mounted copy of the container or lakehouse
Layouts CSV     {time}/{table}/*.csv without header, columns in {time}/model.json (a folder
                without its model.json is not complete yet), or the same without {time}
        Delta   …/{table}_partitioned/ or …/{table}/ with a _delta_log
        Parquet …/{table}/*.parquet
Notes   A row can occur several times: per Id the highest versionnumber counts, then the latest
        SinkCreatedOn; then rows with IsDelete are dropped. A row written before a column was added
        ends earlier: the column is null. Snapshots are copies, and the folder that
        Changelog/changelog.info names is being written: neither is read. A query for each resource
        gives the tables the shape of the API entities; the age of the data is that of the newest
        file.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
import duckdb

from pipelines.duck import literal, sql
from pipelines.sources.base import ConfigError, Instance, Job, Page, declared_fields
from pipelines.sources.http import ApiError

READS = re.compile(r"^-- (\w+): ([\w ]+)$", re.MULTILINE)
ROWS_A_PAGE = 5000
CSV_LINE_BYTES = 32 << 20
SNAPSHOT = "snapshot"
ALWAYS = ("Id", "versionnumber", "SinkCreatedOn", "IsDelete")


@dataclass(frozen=True)
class LinkQuery:
    """The tables (with the columns that it reads) and the query of one resource."""

    tables: Mapping[str, tuple[str, ...]]
    sql: str


def sql_queries(folder: Path) -> dict[str, LinkQuery]:
    """A file per resource: its query below a comment per table with the columns that it reads."""
    texts = {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.sql"))}
    return {
        name: LinkQuery({table: tuple(words.split()) for table, words in READS.findall(text)}, text)
        for name, text in texts.items()
    }


def plain_query(source: str, resource: str, table: str) -> LinkQuery:
    """A Dataverse table has the API's column names, except lookups (`_x_value` in the API)."""
    plain = {
        field: field.removeprefix("_").removesuffix("_value")
        for field in declared_fields(source, resource)
    }
    chosen = ", ".join(f'"{column}" as "{field}"' for field, column in plain.items())
    return LinkQuery({table: tuple(plain.values())}, f'select {chosen} from "{table}" order by 1')


def jobs(
    instance: Instance, queries: Mapping[str, LinkQuery], optional: Collection[str] = ()
) -> Iterator[Job]:
    """`optional`: resources that a folder without their tables does not have."""
    root = Path(instance.require("link_folder")).expanduser()
    if not root.is_dir():
        raise ConfigError(
            f"link_folder of {instance.section} is {root}, which is not a folder here; mount or"
            " copy the Synapse Link container or the lakehouse there."
        )
    if name := _being_written(root):
        click.echo(f"{root}: {name} is being written and is left for the next load.")
    for resource, query in queries.items():
        status = 404 if resource in optional else 403
        yield Job(
            source=instance.source,
            instance=instance.name,
            resource=resource,
            endpoint=f"link_folder#{resource}",
            pages=partial(_pages, root, query, status),
            probe=partial(_probe, root, query, status),
            optional=resource in optional,
            permission="add the table to the Synapse Link or Fabric Link profile",
            extracted_at=partial(newest_file, root, query),
        )


def newest_file(root: Path, query: LinkQuery) -> datetime:
    """The time (UTC) of the newest file of the query's tables."""
    folders = [files for table in query.tables for files in _folders(root, table).values()]
    newest = max((file.stat().st_mtime for files in folders for file in files), default=0.0)
    return datetime.fromtimestamp(newest, UTC)


def _probe(root: Path, query: LinkQuery, status: int) -> str:
    missing = [table for table in query.tables if not _folders(root, table)]
    if missing:
        raise ApiError(f"{root} has no table {', '.join(missing)}", status)
    return "ok"


def _pages(root: Path, query: LinkQuery, status: int, _: datetime | None) -> Iterator[Page]:
    """The records of one resource in API shape. Raises ApiError for a missing table."""
    _probe(root, query, status)
    with duckdb.connect() as connection:
        for table, columns in query.tables.items():
            _create_table(connection, root, table, columns)
        connection.execute(sql("sources/link_macros.sql"))
        for batch in connection.execute(query.sql).to_arrow_reader(ROWS_A_PAGE):
            yield batch.to_pylist()


def _create_table(
    connection: duckdb.DuckDBPyConnection, root: Path, table: str, columns: tuple[str, ...]
) -> None:
    """The latest state of a table, all columns text; missing columns are null."""
    declared = ", ".join(f'null::varchar as "{name}"' for name in (*ALWAYS, *columns))
    parts = [f"select {declared} where false"]
    for folder, files in _folders(root, table).items():
        for rows in _relations(connection, folder, files):
            copy = f"{table}_{len(parts)}"
            rows.project("columns(*)::varchar").create(copy)
            parts.append(f'select * from "{copy}"')
    rows_sql = " union all by name ".join(parts)
    keyless = connection.execute(f'select count(*) from ({rows_sql}) where "Id" is null').fetchone()
    if keyless and keyless[0]:
        raise ApiError(f"{root}: table {table} has {keyless[0]} rows without Id.")
    connection.execute(sql("sources/link_latest.sql", table=table, rows=rows_sql))


def _folders(root: Path, table: str) -> dict[Path, list[Path]]:
    """The folders of a table with their files: a Delta table, or all complete CSV or Parquet."""
    found = {}
    unread = {SNAPSHOT, _being_written(root)}
    for folder in sorted(root.rglob("*")):
        name = folder.name.lower()
        if name not in (table, f"{table}_partitioned") or not folder.is_dir():
            continue
        if unread & {part.lower() for part in folder.relative_to(root).parts}:
            continue
        if (folder / "_delta_log").exists():
            return {folder: list(folder.rglob("*.parquet"))}
        is_csv = root in folder.parents[:2] and (folder.parent / "model.json").exists()
        files = sorted(folder.rglob("*.csv" if is_csv else "*.parquet"))
        files = [one for one in files if SNAPSHOT not in map(str.lower, one.parts)]
        if files and name == table:
            found[folder] = files
    return found


def _being_written(root: Path) -> str:
    """The folder that Synapse Link writes now, in lower case; empty when there is none."""
    log = root / "Changelog" / "changelog.info"
    return log.read_text("utf-8-sig").strip().strip("/").lower() if log.is_file() else ""


def _relations(
    connection: duckdb.DuckDBPyConnection, folder: Path, files: list[Path]
) -> Iterator[duckdb.DuckDBPyRelation]:
    if (folder / "_delta_log").exists():
        yield connection.from_arrow(_delta_table(folder))
    elif files[0].suffix == ".parquet":
        yield connection.read_parquet([str(file) for file in files], union_by_name=True)
    else:
        names = _column_names(folder.parent / "model.json", folder.name.lower())
        for file in files:
            if file.stat().st_size:
                yield _csv_rows(connection, file, names)


def _csv_rows(
    connection: duckdb.DuckDBPyConnection, file: Path, names: list[str]
) -> duckdb.DuckDBPyRelation:
    """A file without header; texts may have line breaks. ApiError for more cells than columns."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    for line_end in ("\\r\\n", "\\n"):
        try:
            rows = connection.sql(
                f"select * from read_csv({literal(str(file))}, columns = {{{columns}}},"
                f" new_line = '{line_end}', delim = ',', quote = '\"', escape = '\"',"
                " header = false, auto_detect = false, null_padding = true,"
                f" allow_quoted_nulls = false, parallel = false, max_line_size = {CSV_LINE_BYTES})"
            )
            return connection.from_arrow(rows.to_arrow_table())
        except duckdb.Error:
            continue
    raise ApiError(
        f"{file} does not fit its model.json, which has {len(names)} columns for it; copy both"
        " again."
    )


def _delta_table(folder: Path) -> Any:
    """The newest version of a table. Raises ApiError if it cannot be read, ConfigError without
    the package for it."""
    try:
        from deltalake import DeltaTable
        from deltalake.exceptions import DeltaError
    except ModuleNotFoundError:
        raise ConfigError(
            f"{folder} is a Delta table, and the package deltalake is not installed; install the"
            " extra `delta` of this project."
        ) from None
    try:
        return DeltaTable(str(folder)).to_pyarrow_dataset()
    except DeltaError as error:
        raise ApiError(
            f"{folder} cannot be read as a Delta table: {str(error)[:200]}; is its _delta_log"
            " copied whole?"
        ) from None


def _column_names(model: Path, table: str) -> list[str]:
    """The columns that model.json declares for a table. Raises ApiError if there are none."""
    entities = json.loads(model.read_text(encoding="utf-8-sig")).get("entities", [])
    for entity in entities:
        if str(entity.get("name", "")).lower() == table:
            return [attribute["name"] for attribute in entity["attributes"]]
    raise ApiError(f"{model} does not describe the table {table}.")
