"""The worked example with a past: `make demo` lives its fourteen days, one after the other.

Each day has the extracts as they were then: what was created later is not there, and the D365
customers of `past.csv` are there from `created_on` until `deleted_on`. A row with an e-mail is a
record that is gone today: a copy of the account's, with this e-mail. The last day is the sample
itself.
"""

import csv
import json
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console

from pipelines.commands.backfill import backfill_history
from pipelines.commands.dbt import run_dbt
from pipelines.commands.field_map import prepare_field_map
from pipelines.commands.options import console
from pipelines.commands.run import run
from pipelines.commands.steps import RunRequest, load_raw
from pipelines.locking import only_run
from pipelines.publish.memory import remember_backfilled
from pipelines.settings import HOME, SAMPLE_AS_OF, SAMPLE_EXTRACTS, Warehouse

DAYS = 14
HERE = Path(__file__).parent
DEMO = HOME / "data" / "demo"
ZONE = ZoneInfo("America/New_York")
CREATED = (
    *("createdAt", "date_created", "created_at", "createdon", "starttime"),
    *("OrderCreationDateTime", "InvoiceDate"),
)
ACCOUNTS = ("CustomerAccount", "OrderingCustomerAccountNumber", "InvoiceAccount")
Record = dict[str, Any]


def created_at(record: Record) -> datetime | None:
    """When a record was created: Unix seconds, RFC 2822 or ISO; None if it does not say."""
    value = next((record[name] for name in CREATED if record.get(name)), None)
    if value is None:
        return None
    if isinstance(value, int):
        return datetime.fromtimestamp(value, UTC)
    return parsedate_to_datetime(value) if "," in value else datetime.fromisoformat(value)


def past() -> list[Record]:
    with (HERE / "past.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_there(change: Record, day: date) -> bool:
    """Whether a customer of past.csv is in D365 at the end of a day."""
    deleted, again = (change[name] or "9999" for name in ("deleted_on", "created_again_on"))
    return change["created_on"] <= str(day) and not deleted <= str(day) < again


def of_that_day(records: list[Record], day: date, changes: list[Record]) -> Iterator[Record]:
    """The records of one file as they were at the end of a day in the reporting time zone."""
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE)
    missing = {one["account"] for one in changes if not one["email"] and not is_there(one, day)}
    gone = {one["account"]: one["email"] for one in changes if one["email"] and is_there(one, day)}
    for record in records:
        created = created_at(record)
        is_missing = any(record.get(name) in missing for name in ACCOUNTS)
        if not is_missing and (created is None or created < end):
            yield record
        if "PartyType" in record and (account := record["CustomerAccount"]) in gone:
            other = dict.fromkeys(("CustomerAccount", "PartyNumber"), f"{account}-OLD")
            yield record | other | {"PrimaryContactEmail": gone[account]}


def write_extracts(folder: Path, day: date) -> None:
    changes = past()
    for file in sorted(SAMPLE_EXTRACTS.rglob("*.jsonl")):
        records = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        lines = [json.dumps(one) for one in of_that_day(records, day, changes)]
        if lines:
            place = folder / file.relative_to(SAMPLE_EXTRACTS)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    """Build the history day by day, then publish the last day."""
    shutil.rmtree(DEMO, ignore_errors=True)
    target, folder, last = Warehouse(DEMO), DEMO / "extracts", date.fromisoformat(SAMPLE_AS_OF)
    days = [str(last - timedelta(days=number)) for number in range(DAYS - 1, 0, -1)]
    screen = console()
    with only_run(target):
        seeds = prepare_field_map(target, None)

        def dbt(arguments: tuple[str, ...], variables: dict[str, Any]) -> bool:
            day = variables["as_of"]
            shutil.rmtree(folder, ignore_errors=True)
            write_extracts(folder, date.fromisoformat(day))
            load_raw(RunRequest(target, folder, day), Console(quiet=True))
            return run_dbt(arguments, target, seeds, variables, progress=screen)

        backfill_history(days, {}, dbt, screen.print, lambda: remember_backfilled(target))
        if not run(RunRequest(target, SAMPLE_EXTRACTS, SAMPLE_AS_OF), screen):
            sys.exit(2)


if __name__ == "__main__":
    main()
