"""DuckDB helpers: text literals, and rows as records."""

from __future__ import annotations

from typing import Any

import duckdb

Record = dict[str, Any]


def records(cursor: duckdb.DuckDBPyConnection) -> list[Record]:
    """The rows of an executed query, each as column → value."""
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def literal(text: str) -> str:
    """Text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"
