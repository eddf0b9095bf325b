"""The audit of a written set before it is published: the files are read back.

Tables and Parquet files must have the rows of the warehouse, files their checksums, card_values
rows, the guard no failure, and schema `cards` only models declared free of personal data.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from pipelines.duck import columns_of, literal
from pipelines.publish.marts import DICTIONARY, Mart, holds_personal_data, with_dictionary
from pipelines.publish.sets import checksums, file_faults, read_manifest
from pipelines.settings import BuildError, Warehouse

GOOD_GUARD_STATES = ("ok", "not_configured")
# row count and sum of row hashes: the same for any order
CONTENT = "select count(*), coalesce(sum(hash(content)), 0) from {} as content"


def audit(folder: Path, target: Warehouse, marts: Iterable[Mart], dbt_manifest: Path) -> None:
    """Raise BuildError with all faults of the set in `folder`, which should have `marts`."""
    try:
        faults = list(_faults(folder, target, list(marts), dbt_manifest))
    except duckdb.Error as error:
        faults = [f"it cannot be read again: {error}"]
    if faults:
        listed = "".join(f"\n  {fault}" for fault in faults)
        raise BuildError(
            "nothing published: the audit of the written files failed; the last published set "
            f"stays. Fix this or run again:{listed}"
        )


def _faults(
    folder: Path, target: Warehouse, marts: list[Mart], dbt_manifest: Path
) -> Iterator[str]:
    manifest = read_manifest(folder)
    yield from file_faults(folder, manifest)
    yield from (
        f"{name} is not in the manifest" for name in checksums(folder).keys() - manifest["files"]
    )
    with duckdb.connect() as con:
        con.execute(f"attach {literal(str(target.marts))} as warehouse (read_only)")
        con.execute(f"attach {literal(str(folder / 'marts.duckdb'))} as out (read_only)")
        yield from _privacy_faults(con, dbt_manifest)
        marts = with_dictionary(con, marts)
        if missing := list(_set_faults(con, folder, marts)):
            yield from missing
            return
        for mart in marts:
            yield from _mart_faults(con, folder, mart, manifest["row_counts"])
        yield from _card_faults(con)


def _set_faults(con: duckdb.DuckDBPyConnection, folder: Path, marts: list[Mart]) -> Iterator[str]:
    """Missing or unexpected tables and Parquet files."""
    wanted = {mart.published_name for mart in marts}
    tables = _published(con)
    parquet = {f"{path.parent.name}.{path.stem}" for path in folder.glob("parquet/*/*")}
    for what, found in (("marts.duckdb", tables), ("parquet", parquet)):
        yield from (f"{name} is missing in {what}" for name in sorted(wanted - found))
        yield from (f"{name} of {what} is not a public mart" for name in sorted(found - wanted))


def _published(con: duckdb.DuckDBPyConnection) -> set[str]:
    sql = "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'out'"
    return {name for (name,) in con.execute(sql).fetchall()}


def _mart_faults(
    con: duckdb.DuckDBPyConnection, folder: Path, mart: Mart, counts: dict[str, int]
) -> Iterator[str]:
    places = {
        "the warehouse": mart.place,
        "marts.duckdb": f'out."{mart.published_schema}"."{mart.name}"',
        "parquet": f"read_parquet({literal(str(folder / mart.parquet))})",
    }
    columns = {name: tuple(columns_of(con, place).items()) for name, place in places.items()}
    content = {
        name: con.execute(CONTENT.format(place)).fetchone() for name, place in places.items()
    }
    rows = {name: content[name][0] for name in places}
    rows["manifest.json"] = counts.get(mart.published_name)
    if len(set(rows.values())) > 1:
        listed = ", ".join(f"{count} in {name}" for name, count in rows.items())
        yield f"{mart.published_name} has different row counts: {listed}"
    elif len(set(content.values())) > 1:
        yield f"{mart.published_name} has different values in {', '.join(places)}"
    if len(set(columns.values())) > 1:
        yield f"{mart.published_name} has different columns in {', '.join(places)}"


def _card_faults(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    if con.execute("select count(*) from out.cards.card_values").fetchone() == (0,):
        yield "card_values is empty: no card is enabled in seeds/cards/card_registry.csv"
    masters = con.execute(
        "select legal_entity_id, guard_state, guard_reason from out.cards.fct_master_guard "
        "order by all"
    ).fetchall()
    for entity, state, reason in masters:
        if state not in GOOD_GUARD_STATES:
            yield reason or f"the customer master of {entity} is {state}: load it again"


def _privacy_faults(con: duckdb.DuckDBPyConnection, dbt_manifest: Path) -> Iterator[str]:
    """Tables of schema cards whose model is not declared free of personal data."""
    nodes: dict[str, dict[str, Any]] = json.loads(dbt_manifest.read_text("utf-8"))["nodes"]
    models = (node for node in nodes.values() if node["resource_type"] == "model")
    free = {f"cards.{node['alias']}" for node in models if not holds_personal_data(node)}
    free.add(DICTIONARY.published_name)
    for name in sorted(_published(con)):
        if name.startswith("cards.") and name not in free:
            yield f"{name} is not declared free of personal data"
