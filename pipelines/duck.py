"""DuckDB, as every part of the project uses it: SQL files, literals, records, a file to read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.settings import InputError, shown

Record = dict[str, Any]
FILES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def sql(path: str, **values: object) -> str:
    """The SQL of a file below this folder, with the values in their places (Jinja)."""
    return FILES.get_template(path).render(values)


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def records(cursor: duckdb.DuckDBPyConnection) -> list[Record]:
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """Raises InputError when another program has the database open, or it cannot be opened."""
    try:
        yield
    except duckdb.IOException as error:
        problem = f"cannot be opened: {error}"
        if "lock" in str(error):
            problem = f"is open in another program; close it and run again. ({error})"
        raise InputError(f"{shown(path)} {problem}") from error


@contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database for reading, times in UTC. Raises InputError as `opening`."""
    with opening(path):
        con = duckdb.connect(str(path), read_only=True)
    with con:
        con.execute("set timezone = 'UTC'")
        yield con


def records_of(path: Path, statement: str) -> list[Record]:
    """The rows of a query as records; none when the database, or its table, is not there."""
    if not path.exists():
        return []
    with reading(path) as con:
        try:
            return records(con.execute(statement))
        except duckdb.CatalogException:
            return []


def columns_of(con: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    return {name: kind for name, kind, *_ in con.execute(f"describe from {relation}").fetchall()}
