"""Reads the published file by the queries of `queries/`, a file each.

Sums are made of decimals. A breakdown has the columns label, item_count, value (NULL: none, or no
rate) and unrated_count. What belongs to rows of the worklist says by `rank` to which.
"""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import duckdb

from pipelines.duck import Record, another_version, records

QUERIES = files("pipelines.report").joinpath("queries")
Row = Record


def has_query(name: str) -> bool:
    return QUERIES.joinpath(f"{name}.sql").is_file()


@dataclass(frozen=True)
class Published:
    """The published file, open read-only. Timestamps are UTC, amounts Decimal."""

    path: Path
    con: duckdb.DuckDBPyConnection

    @property
    def has_worklist(self) -> bool:
        """Whether the file was published with personal data."""
        return bool(self.rows("has_worklist"))

    def rows(self, query: str, **parameters: object) -> list[Row]:
        """The rows of a query as column → value. Raises InputError if a table is missing."""
        sql = QUERIES.joinpath(f"{query}.sql").read_text("utf-8")
        try:
            return records(self.con.execute(sql, parameters or None))
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise another_version(self.path, error) from error
