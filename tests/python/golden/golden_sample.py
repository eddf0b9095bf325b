"""A sample loaded and built by the real command line, and the folder of the golden tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

REPOSITORY = Path(__file__).resolve().parents[3]
EXPECTED = Path(__file__).resolve().parent / "expected"
AS_OF = "2026-04-12"


@dataclass(frozen=True)
class BuiltSample:
    """A sample after `python -m pipelines run`, with the folder of its databases."""

    name: str
    folder: Path
    output: str

    def rows(self, sql: str, database: str = "warehouse.duckdb") -> list[dict[str, object]]:
        """The rows of a query as dicts; `database` is below the sample's folder."""
        with duckdb.connect(str(self.folder / database), read_only=True) as connection:
            cursor = connection.execute(sql)
            columns = [column[0] for column in cursor.description or ()]
            return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
