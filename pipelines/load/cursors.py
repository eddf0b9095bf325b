"""How far each live resource has been loaded: table `raw_load.cursors` in raw.duckdb.

The cursors are stored with their rows, so deleting a warehouse deletes them too. A cursor is
written after its rows are loaded; after a kill in between the same records are requested again and
merged by key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pipelines.duck import sql
from pipelines.load import raw
from pipelines.settings import Warehouse
from pipelines.sources.tables import BY_NAME


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
        found = connection.execute(sql("load/sql/cursors.sql"), {"source": source}).fetchall()
        names = {resource for _, resource, *_ in found}
        counts = {name: raw.row_counts(connection, BY_NAME[source, name]) for name in names}
    return {
        CursorKey(source, instance, resource, fingerprint): newest_at.replace(tzinfo=UTC)
        for instance, resource, fingerprint, newest_at, row_count in found
        if not row_count or counts[resource].get(instance)
    }


def write_cursors(target: Warehouse, newest: Mapping[CursorKey, datetime]) -> None:
    with raw.connect(target) as connection:
        connection.execute("begin")
        for key, newest_at in newest.items():
            counts = raw.row_counts(connection, BY_NAME[key.source, key.resource])
            values = {
                **vars(key),
                "newest_at": raw.utc(newest_at),
                "row_count": counts.get(key.instance, 0),
                "written_at": raw.utc(datetime.now(UTC)),
            }
            raw.insert(connection, "cursors", values)
        connection.execute("commit")
