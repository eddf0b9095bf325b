"""The commands `load extracts <folder>` and `load <source>|all [--full]`."""

import sys
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.commands.options import FOLDER, console
from pipelines.duck import records_of, sql
from pipelines.load.batches import load_extracts
from pipelines.load.summary import print_load
from pipelines.locking import only_run
from pipelines.publish.memory import remember
from pipelines.settings import Warehouse, shown, warehouse, warehouse_for
from pipelines.sources.tables import SOURCES

if TYPE_CHECKING:
    from pipelines.load.live import Outcome

ALL = "all"


@click.group()
def command() -> None:
    """Fill the raw tables."""


@command.command("extracts")
@click.argument("folder", type=FOLDER)
def load_extract_files(folder: Path) -> None:
    """Load <folder>/<source>/<instance>/<resource>.{jsonl,csv,parquet} (also .gz and parts)."""
    folder = folder.resolve()
    target, out = warehouse_for(folder), console()
    with only_run(target):
        remember(target)
        report = load_extracts(target, folder, out)
    print_load(report, out)
    out.print(f"Raw tables: {shown(target.raw)}", highlight=False)
    sys.exit(0 if report.is_ok else 2)


def load_source(source: str, full: bool) -> None:
    """Load one source, or all. Exit code 2 if a resource failed; its old rows stay."""
    target = warehouse()
    with only_run(target):
        remember(target)
        is_ok = load_live(target, SOURCES if source == ALL else (source,), full)
    if not is_ok:
        sys.exit(2)


for name in (*SOURCES, ALL):
    what = "every configured source" if name == ALL else name
    command.add_command(
        click.Command(
            name,
            callback=partial(load_source, name),
            params=[click.Option(["--full"], is_flag=True, help="Everything, not only changes.")],
            help=f"Load {what} from the live API: what changed since the last load.",
        )
    )


def load_live(target: Warehouse, sources: Sequence[str], full: bool = False) -> bool:
    """Loads the configured instances and prints how; False when a resource failed."""
    from pipelines.load.live import load_sources  # the APIs take a second: not for extracts

    outcomes = load_sources(sources, full, target)
    print_summary(outcomes, stale_since(target, outcomes))
    return not any(outcome.is_failure for outcome in outcomes)


def stale_since(target: Warehouse, outcomes: "list[Outcome]") -> dict[str, datetime | None]:
    """Data of the loaded sources from an earlier run (failed, kept, or of a removed instance):
    title → time of that data (UTC), None without a successful load."""
    settled = {o.title for o in outcomes if o.outcome in ("loaded", "unchanged", "absent")}
    failed = {o.title for o in outcomes if o.is_failure and o.resource != "*"}
    sources = {outcome.source for outcome in outcomes}
    last_good = records_of(target.raw, sql("commands/sql/last_good_loads.sql"))
    known = {
        f"{source}/{instance}/{resource}": moment
        for source, instance, resource, moment in map(dict.values, last_good)
        if source in sources
    }
    return {title: known.get(title) for title in sorted((set(known) | failed) - settled)}


def print_summary(outcomes: "list[Outcome]", stale: dict[str, datetime | None]) -> None:
    failed = sum(1 for outcome in outcomes if outcome.is_failure)
    rows = sum(outcome.rows for outcome in outcomes)
    click.echo(f"{len(outcomes)} resources, {rows} rows fetched, {failed} failed.")
    for title, moment in stale.items():
        since = f"still the data of {moment:%Y-%m-%d %H:%M} UTC" if moment else "never loaded"
        click.echo(f"STALE {title}: {since}")
