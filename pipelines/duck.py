"""DuckDB, as every part of the project uses it: SQL files, literals, records, a file to read."""

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.settings import BuildError, InputError, shown

Record = dict[str, Any]
MACHINE = (
    *(OSError, MemoryError, duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException),
    *(duckdb.InternalException, duckdb.SerializationException),
)
FULL = "no space left|file too large|quota|could not (re)?write"
LOOP = "symlink loop"
OPEN = "conflicting lock|different configuration"
REMEDIES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
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


def refusal(error: BaseException, path: Path | None = None) -> str:
    """What was wrong for a person: an error of ours in its words, or what the machine refused, with
    the remedy. Empty for a fault of the program."""
    if isinstance(error, InputError | BuildError):
        return str(error)
    cause = (str(error).splitlines() or ["out of memory"])[0]
    is_known = isinstance(error, duckdb.Error | RuntimeError) and re.search(
        f"{FULL}|{LOOP}", cause, re.IGNORECASE
    )
    if not is_known and not isinstance(error, MACHINE):
        return ""
    named = getattr(error, "filename", None)
    if isinstance(error, OSError) and named:
        cause = f"{named}: {error.strerror}"
    remedy = next(text for form, text in REMEDIES.items() if re.search(form, cause, re.IGNORECASE))
    place = f"{shown(path)}: " if path and str(path) not in cause else ""
    return f"{place}{cause}: {remedy}, then run again. What is published stays."


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """Raises InputError when another program has the database open, or the machine refuses it."""
    try:
        yield
    except duckdb.Error as error:
        if re.search(OPEN, str(error), re.IGNORECASE):
            problem = f"{shown(path)} is open in another program; close it and run again. ({error})"
        else:
            problem = refusal(error, path)
        if not problem:
            raise
        raise InputError(problem) from error


@contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database for reading, times in UTC. Raises InputError as `opening`."""
    with opening(path), duckdb.connect(str(path), read_only=True) as con:
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
        except duckdb.BinderException as error:
            raise another_version(path, error) from error


def another_version(path: Path, error: duckdb.Error) -> InputError:
    problem = str(error).splitlines()[0]
    return InputError(f"{shown(path)} is of another version; run `make run` ({problem}).")


def columns_of(con: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    return {name: kind for name, kind, *_ in con.execute(f"describe from {relation}").fetchall()}
