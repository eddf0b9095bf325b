"""Import files for D365: `python -m pipelines export onboarding` (docs/decisions/0017).

One CSV per legal entity below `exports/onboarding/<as-of date>/`: `CustomersV3_<dataAreaId>.csv` as
the data management entity, `BC_customers_<company>.csv` as the Business Central API. Only valid
records whose suggested action is to create a customer, in worklist order.

Cells are never escaped for spreadsheets, because D365 would import the escape: a customer with such
a text fails validation and is left out; such a template value is an error.
"""

import csv
import os
import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click
import duckdb

from pipelines.duck import Record, reading, records
from pipelines.publish.cards import HEADLINE
from pipelines.settings import InputError, Warehouse, shown, warehouse

IMPORT_RECORDS = "select * from worklist.onboarding_import_records order by worklist_rank"
# also after signs that no one sees, and in full width; onboarding_validation_failures has the same
UNSEEN = r"\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
READS_AS_FORMULA = re.compile(rf"(^|;)[{UNSEEN}]*[=+@\uff1d\uff0b\uff0d\uff20-]|[\t\r\n]")
ENCODING = "utf-8-sig"  # without the BOM a spreadsheet misreads the letters and saves them so
# per ERP the prefix of its files, and their columns: header → our field
LAYOUTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


@dataclass(frozen=True)
class Export:
    """Written rows per file; other rows per (state, primary reason)."""

    folder: Path
    files: dict[Path, int]
    left_out: Counter[tuple[str, str]]


def export_onboarding(target: Warehouse, also: Iterable[str] = ()) -> Export:
    """Write the import files of the published worklist, replacing those of the same as-of date.
    `also`: primary reasons whose valid records are written although another action is suggested."""
    as_of, records = read_records(target.published_marts)
    wanted = {("withheld", reason) for reason in also}
    chosen, left_out = [], Counter[tuple[str, str]]()
    for record in records:
        kind = (record["import_state"], record["primary_reason"])
        if kind[0] == "ready" or kind in wanted:
            chosen.append(record)
        else:
            left_out[kind] += 1
    folder = target.root / "exports" / "onboarding" / as_of
    unfinished = folder.with_name(f"{as_of}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    counts = _write_files(unfinished, chosen)
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(unfinished, folder)
    return Export(folder, {folder / name: count for name, count in counts.items()}, left_out)


def read_records(database: Path) -> tuple[str, list[Record]]:
    if not database.exists():
        raise InputError(f"{shown(database)} does not exist: nothing is published; run `make run`.")
    try:
        with reading(database) as con:
            return _measured_date(con, database), records(con.execute(IMPORT_RECORDS))
    except duckdb.CatalogException as error:
        raise InputError(f"{shown(database)}: publish the marts again ({error}).") from error


def cells(record: Record, columns: dict[str, str]) -> list[str]:
    """One row of the file. Raises InputError if a spreadsheet would run a cell."""
    is_person = record["party_type"] == "Person"
    values = record | {
        "organization_name": None if is_person else record["customer_name"],
        "bc_type": "Person" if is_person else "Company",
    }
    row = ["" if values[name] is None else str(values[name]) for name in columns.values()]
    for header, cell in zip(columns, row, strict=True):
        if READS_AS_FORMULA.search(cell):
            raise InputError(
                f"{header} of {record['expected_legal_entity_id']} is {cell!r}, which a "
                "spreadsheet runs as a formula; change it in field_map_customer_templates."
            )
    return row


def _write_files(folder: Path, records: list[Record]) -> dict[str, int]:
    rows: dict[str, list[list[str]]] = {}
    for record in records:
        layout = LAYOUTS[record["erp"]]
        code = re.sub(r"[^A-Za-z0-9_-]+", "_", record["erp_code"])
        name = f"{layout['prefix']}_{code}.csv"
        rows.setdefault(name, [[*layout["columns"]]]).append(cells(record, layout["columns"]))
    for name, lines in rows.items():
        with (folder / name).open("w", encoding=ENCODING, newline="") as file:
            csv.writer(file).writerows(lines)
    return {name: len(lines) - 1 for name, lines in sorted(rows.items())}


def _measured_date(con: duckdb.DuckDBPyConnection, database: Path) -> str:
    """The as-of date. Raises InputError if the headline has no value: all would look absent."""
    found = con.execute(
        "select cast(as_of_date as varchar), state, state_reason "
        "from cards.card_values where card_id = ?",
        [HEADLINE],
    ).fetchone()
    if found is None or found[1] not in ("ok", "alert"):
        state = " ".join(str(part) for part in (found or ("", "not published"))[1:] if part)
        raise InputError(
            f"nothing exported: the headline of {shown(database)} is {state}, so it is unknown "
            "who is absent; fix that and run again."
        )
    return found[0]


@click.group()
def command() -> None:
    """Write files for other systems."""


@command.command("onboarding")
@click.option(
    "--also",
    multiple=True,
    metavar="REASON",
    help="Also the valid records of this primary reason, e.g. in_dataverse_not_promoted.",
)
def onboarding(also: tuple[str, ...]) -> None:
    """Write customer import files per legal entity from the published worklist."""
    written = export_onboarding(warehouse(), also)
    for path, count in written.files.items():
        click.echo(f"{shown(path)}: {count} customers")
    if not written.files:
        click.echo("No customer is ready to be imported.")
    for (state, reason), count in sorted(written.left_out.items()):
        click.echo(f"left out: {count} {state} ({reason})")
