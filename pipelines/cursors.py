"""How far each live resource has been loaded: table `raw_load.cursors` in raw.duckdb.

It stands beside the rows it speaks of, so that a removed warehouse takes its cursors along. A
cursor is written after its rows are loaded; a run that is killed in between asks for the same
records again, and the merge by key makes nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

CREATE = """
create schema if not exists raw_load;
create table if not exists raw_load.cursors (
    source varchar, instance varchar, resource varchar, fingerprint varchar,
    newest_at timestamp, row_count bigint, written_at timestamp,
    primary key (source, instance, resource)
)"""
READ = """
select newest_at, row_count from raw_load.cursors
where source = $source and instance = $instance and resource = $resource
  and fingerprint = $fingerprint"""
WRITE = """
insert or replace into raw_load.cursors
values (
    $source, $instance, $resource, $fingerprint, $newest_at, $row_count, $written_at
)"""


@dataclass(frozen=True)
class CursorKey:
    """What a cursor belongs to. Another `fingerprint` (address, fields) makes it void."""

    source: str
    instance: str
    resource: str
    fingerprint: str


def read_cursor(raw: Path, key: CursorKey) -> datetime | None:
    """The newest record time that is loaded (UTC), None if there is none or the rows are gone."""
    if not raw.is_file():
        return None
    with duckdb.connect(str(raw)) as connection:
        connection.execute(CREATE)
        found = connection.execute(READ, vars(key)).fetchone()
        if not found or (found[1] and not _row_count(connection, key)):
            return None
    newest_at: datetime = found[0]
    return newest_at.replace(tzinfo=UTC)


def write_cursor(raw: Path, key: CursorKey, newest_at: datetime) -> None:
    """Remember the newest record time, after its rows were loaded."""
    with duckdb.connect(str(raw)) as connection:
        connection.execute(CREATE)
        values = {
            **vars(key),
            "newest_at": newest_at.astimezone(UTC).replace(tzinfo=None),
            "row_count": _row_count(connection, key),
            "written_at": datetime.now(UTC).replace(tzinfo=None),
        }
        connection.execute(WRITE, values)


def _row_count(connection: duckdb.DuckDBPyConnection, key: CursorKey) -> int:
    query = f'select count(*) from raw_{key.source}."{key.resource}" where instance = ?'
    try:
        found = connection.execute(query, [key.instance]).fetchone()
    except duckdb.CatalogException:
        return 0
    return int(found[0]) if found else 0
