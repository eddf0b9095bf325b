"""Writes what a person decided about a customer: `python -m pipelines decide` (decision 0036).

One row at the end of `onboarding_decisions.csv` of the company's folder; its other lines stay as
they are. Customer and D365 account are those of the last build.
"""

import csv
import getpass
import os
from codecs import BOM_UTF8
from datetime import date
from io import StringIO
from pathlib import Path

import click

from pipelines.commands.company import company_folder
from pipelines.commands.field_map import (
    CARD_SEEDS,
    DECIDED,
    DECISIONS,
    Row,
    problems_of,
    seed_file,
    separator_of,
)
from pipelines.duck import literal, reading, records, sql
from pipelines.locking import only_run
from pipelines.settings import InputError, Warehouse, shown, warehouse

NO_COMPANY = (
    "decisions are kept in the folder of a company: give --company, or set COMPANY (`init` "
    "writes one)."
)


def decide(target: Warehouse, folder: Path, row: Row) -> str:
    """Add a checked row, with the names that the build has for customer and account. Returns who
    they are, for the person to see. Raises InputError for an unknown one, or a row given twice."""
    text = {name: literal(value.strip().lower()) for name, value in row.items()}
    if not target.marts.exists():
        raise InputError(f"{shown(target.marts)} does not exist: nothing is built; run `make run`.")
    with reading(target.marts) as con:
        found = records(con.execute(sql(
            "commands/decide.sql", customer=text["customer"], entity=text["legal_entity_id"],
            account=text["d365_customer_id"],
        )))  # fmt: skip
    subjects = [one for one in found if one["kind"] == "subject"]
    accounts = [one for one in found if one["kind"] == "account"]
    if not subjects:
        raise InputError(
            f"{row['customer']} is no customer with a recent order; copy the id from the worklist."
        )
    row["customer"] = subjects[0]["place"]
    who = [subjects[0]["name"] or row["customer"], row["decision"], row["until_date"]]
    if row["d365_customer_id"]:
        if not accounts or not accounts[0]["is_wanted"]:
            places = ", ".join(one["place"] for one in accounts)
            raise InputError(
                f"{row['legal_entity_id']} has no D365 customer {row['d365_customer_id']}"
                f"{f'; this number is in {places}' if places else ''}."
            )
        row |= {"legal_entity_id": accounts[0]["place"], "d365_customer_id": accounts[0]["number"]}
        who += [accounts[0][name] or "" for name in ("place", "number", "name")]
    add_row(seed_file(folder, DECISIONS), row)
    return " ".join(part for part in who if part)


def add_row(path: Path, row: Row) -> None:
    """Write the file again with one row more, in its own separator and line ends. Raises InputError
    with every problem that the file then has."""
    before = path if path.exists() else CARD_SEEDS / f"{DECISIONS}.csv"
    data = before.read_bytes()
    text = data.decode("utf-8-sig")
    end = "\r\n" if "\r\n" in text else "\n"
    line = StringIO()
    csv.writer(line, delimiter=separator_of(text), lineterminator=end).writerow(row.values())
    unfinished = path.with_suffix(".unfinished")
    whole = text.removesuffix(end) + end + line.getvalue()
    unfinished.write_bytes(whole.encode("utf-8-sig" if data.startswith(BOM_UTF8) else "utf-8"))
    problems = problems_of(unfinished, DECISIONS)
    if problems:
        unfinished.unlink()
        raise InputError("\n".join(problems).replace(str(unfinished), str(path)))
    os.replace(unfinished, path)


@click.command()
@click.argument("customer")
@click.argument("decision", type=click.Choice(list(DECIDED), case_sensitive=False))
@click.argument("about", nargs=-1)
@click.option("--by", default=getpass.getuser, help="Who decided; by default this user.")
@click.option("--note", default="", help="Why.")
def command(customer: str, decision: str, about: tuple[str, ...], by: str, note: str) -> None:
    """Decide about a customer of the worklist (id or subject key): same_as or not_same ENTITY
    ACCOUNT, set_aside_until DATE. It counts from the next run on."""
    folder, columns = company_folder(), DECIDED[decision]
    if folder is None:
        raise InputError(NO_COMPANY)
    if len(about) != len(columns):
        raise InputError(
            f"{decision} needs {' and '.join(columns)}; given: {' '.join(about) or 'nothing'}."
        )
    row = dict.fromkeys(("customer", "decision", "legal_entity_id", "d365_customer_id"), "")
    row |= {"until_date": "", "decided_by": by, "decided_on": str(date.today())}
    row |= {"note": " ".join(note.split()), "customer": customer, "decision": decision}
    row |= dict(zip(columns, about, strict=True))
    target = warehouse()
    with only_run(target):
        click.echo(f"{decide(target, folder, row)}: written, it counts from the next run on.")
