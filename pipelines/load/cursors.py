"""How far each live resource has been loaded: table `raw_load.cursors` in raw.duckdb.

The cursors are stored with their rows, so deleting a warehouse deletes them too. A cursor is
written after its rows are loaded; after a kill in between the same records are requested again and
merged by key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from pipelines.duck import sql
from pipelines.load import raw
from pipelines.settings import Warehouse
from pipelines.sources.tables import BY_NAME

READ = """
select instance, resource, fingerprint, newest_at, row_count
from raw_load.cursors where source = ?"""
WRITE = """
insert or replace into raw_load.cursors
values (
    $source, $instance, $resource, $fingerprint, $newest_at, $row_count, $written_at
)"""


@dataclass(frozen=True)
class CursorKey:
    """The key of a cursor. Another `fingerprint` (address, fields) invalidates it."""

    source: str
    instance: str
    resource: str
    fingerprint: str


def read_cursors(target: Warehouse, source: str) -> dict[CursorKey, datetime]:
    """The newest loaded record time (UTC) per resource, if its rows still exist."""
    with raw.connect(target) as connection:
        connection.execute(sql("load/sql/log_tables.sql"))
        found = connection.execute(READ, [source]).fetchall()
        counts = {resource: _row_counts(connection, source, resource) for _, resource, *_ in found}
    return {
        CursorKey(source, instance, resource, fingerprint): newest_at.replace(tzinfo=UTC)
        for instance, resource, fingerprint, newest_at, row_count in found
        if not row_count or counts[resource].get(instance)
    }


def write_cursors(target: Warehouse, newest: Mapping[CursorKey, datetime]) -> None:
    """Store the newest record times, after their rows were loaded."""
    if not newest:
        return
    with raw.connect(target) as connection:
        connection.execute(sql("load/sql/log_tables.sql"))
        connection.execute("begin")
        for key, newest_at in newest.items():
            counts = _row_counts(connection, key.source, key.resource)
            values = {
                **vars(key),
                "newest_at": raw.utc(newest_at),
                "row_count": counts.get(key.instance, 0),
                "written_at": raw.utc(datetime.now(UTC)),
            }
            connection.execute(WRITE, values)
        connection.execute("commit")


def _row_counts(
    connection: duckdb.DuckDBPyConnection, source: str, resource: str
) -> dict[str, int]:
    return raw.row_counts(connection, BY_NAME[source, resource])
