"""The history: `memory.duckdb`, made from the published set.

It has the card values and worklist of each day and the row counts of each customer master; dbt
attaches it read-only and adds the rows of its run. Made from the current set, it keeps no trace of
a failed build or a day rolled back; after a kill the next run, which remembers first, repairs it.
"""

import hashlib
import os
import secrets
import tomllib
from pathlib import Path

import duckdb

from pipelines.as_of import reporting_timezone
from pipelines.duck import columns_of, literal, sql
from pipelines.publish.sets import UNFINISHED, published_place, read_manifest, sync
from pipelines.settings import InputError, Warehouse, shown

TABLES_TEXT = Path(__file__).with_suffix(".toml").read_text("utf-8")
LAYOUT = hashlib.sha256(TABLES_TEXT.encode()).hexdigest()
TABLES = {
    name: (table["published"], table["built"], table["columns"])
    for name, table in tomllib.loads(TABLES_TEXT).items()
}
NOTHING = "nothing"
# per table of memory.duckdb: files and their table; the first file with it counts
Sources = dict[str, list[tuple[Path, str]]]
Noted = tuple[str, str, str]


def remember(target: Warehouse, file: Path | None = None) -> None:
    """Make `memory.duckdb` (or `file`) from the current set, if it is not up to date; empty if
    nothing was ever published. Raises InputError if it cannot be made. Only under `only_run`."""
    file = file or target.memory
    # `published/` itself has the plain files of an earlier version
    plain = target.published_marts
    is_plain = plain.is_file() and not plain.is_symlink()
    folder = target.published if is_plain else published_place(target).current
    noted = _noted(file)
    origin = folder.name if folder else (noted or (NOTHING,))[0]
    salt = _salt(target)
    if noted == (origin, LAYOUT, salt):
        return
    sources: Sources = {}
    if folder:
        marts = folder / "marts.duckdb"
        if not marts.exists():
            raise InputError(
                f"{shown(marts)} is missing, so the history is unknown; restore it, or roll "
                "back to the previous set (`python -m pipelines publish --rollback`)."
            )
        sources = {name: [(marts, there)] for name, (there, _, _) in TABLES.items()}
        # the first sets did not have it
        sources["master_loads"].append((target.marts, TABLES["master_loads"][1]))
    elif noted:  # of an earlier version, and nothing to recreate it from
        sources = {name: [(file, f"main.{name}")] for name in TABLES}
    given = (read_manifest(folder).get("vars") if folder else None) or {}
    _make(file, (origin, LAYOUT, salt), sources, given)


def remember_backfilled(target: Warehouse) -> None:
    """Copy the histories of a backfilled date from `warehouse.duckdb`: the next date reads them,
    and the last build of the backfill publishes them."""
    sources = {name: [(target.marts, there)] for name, (_, there, _) in TABLES.items()}
    sources["master_loads"] = [(target.memory, "main.master_loads")]
    origin = (_noted(target.memory) or (NOTHING,))[0]
    _make(target.memory, (origin, LAYOUT, _salt(target)), sources, {})


def _noted(file: Path) -> Noted | None:
    """What a memory was made from: set, layout, salt; None without a readable memory."""
    if not file.exists():
        return None
    try:
        with duckdb.connect(str(file), read_only=True) as con:
            names = ", ".join(columns_of(con, "origin"))  # the first layouts had no salt
            row = con.execute(f"select {names} from origin").fetchone()
            return row and (*row, "")[:3]
    except duckdb.Error:
        return None


def _salt(target: Warehouse) -> str:
    """The secret in the customer ids. It is in the memory and, once something is published, beside
    the sets: either may be lost."""
    path = target.published / "salt"
    found = path.read_text("utf-8") if path.is_file() else ""
    salt = found or (_noted(target.memory) or ("", "", ""))[2] or secrets.token_hex(16)
    if not found and target.published_manifest.exists():
        unfinished = path.with_name(path.name + UNFINISHED)
        unfinished.touch(0o600)
        unfinished.write_text(salt)
        sync(unfinished)
        os.replace(unfinished, path)
    return salt


def _make(file: Path, noted: Noted, sources: Sources, dbt_vars: dict[str, object]) -> None:
    """Write a memory to a temporary file and replace it atomically."""
    unfinished = file.with_name(file.name + UNFINISHED)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        for left in (unfinished, unfinished.with_name(unfinished.name + ".wal")):
            left.unlink(missing_ok=True)
        with duckdb.connect(str(unfinished)) as con:
            _fill(con, sources, reporting_timezone(dbt_vars))
            con.execute("create table origin as select ? as set_id, ? as layout, ? as salt", noted)
        sync(unfinished)
        os.replace(unfinished, file)
        sync(file.parent)
    except (duckdb.Error, OSError) as error:
        raise InputError(
            f"{shown(file)} could not be created from the published set ({error}); fix that and "
            "run again."
        ) from error


def _fill(con: duckdb.DuckDBPyConnection, sources: Sources, zone: str) -> None:
    for name, (_, _, columns) in TABLES.items():
        con.execute(f"create table {name} ({columns})")
        for path, there in sources.get(name, ()):
            if path.exists() and _is_taken(con, name, path, there):
                break
    con.execute(sql("publish/sql/memory_of_earlier_versions.sql", zone=zone))


def _is_taken(con: duckdb.DuckDBPyConnection, name: str, path: Path, there: str) -> bool:
    """Copy the rows of a table from another file; False if the file has no such table."""
    con.execute(f"attach {literal(str(path))} as source (read_only)")
    found = _columns(con, f"source.{there}")
    if found:
        known = ", ".join(column for column in _columns(con, name) if column in found)
        con.execute(f"insert into {name} by name select {known} from source.{there}")
    con.execute("detach source")
    return bool(found)


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns of a table; none if it does not exist."""
    try:
        return list(columns_of(con, table))
    except duckdb.CatalogException:
        return []
