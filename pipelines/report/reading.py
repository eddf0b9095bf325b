"""Reads the published file."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import duckdb

from pipelines.duck import Record, records
from pipelines.settings import InputError, shown

Row = Record


class Published:
    """The published file, open read-only. Timestamps are UTC, amounts Decimal."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Published:
        self._con = duckdb.connect(str(self.path), read_only=True)
        self._con.execute("set timezone = 'UTC'")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._con.close()

    @property
    def has_worklist(self) -> bool:
        """Whether the file was published with personal data."""
        return bool(self.rows("from duckdb_tables() where schema_name = 'worklist'"))

    def rows(self, sql: str, **parameters: object) -> list[Row]:
        """The rows of a query as column → value. Raises InputError if a table is missing."""
        try:
            cursor = self._con.execute(sql, parameters or None)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            problem = str(error).splitlines()[0]
            raise InputError(
                f"{shown(self.path)} is of another version; run `make run` ({problem})."
            ) from error
        return records(cursor)
