"""The commands of the live pipelines: `load <source>… [--full]` and `doctor --connect`."""

from __future__ import annotations

from datetime import datetime

import click
import duckdb

from pipelines.live import ALL, Outcome, load_sources, probe_sources
from pipelines.settings import Warehouse, warehouse
from pipelines.tables import SOURCES

LAST_GOOD = """
select source, instance, resource, max(extracted_at)
from raw_load.resource_loads
where outcome in ('loaded', 'unchanged')
group by all"""


@click.command("load")
@click.argument("sources", nargs=-1, required=True, type=click.Choice([*SOURCES, ALL]))
@click.option("--full", is_flag=True, help="Fetch everything again, not only what changed.")
def load_command(sources: tuple[str, ...], full: bool) -> None:
    """Load the raw tables from the live systems. Exit code 1 if a resource failed."""
    target = warehouse()
    outcomes = load_sources(sources, full, target)
    print_summary(outcomes, stale_since(target, outcomes))
    if any(outcome.is_failure for outcome in outcomes):
        raise SystemExit(1)


def connect_check() -> bool:
    """`doctor --connect`: test every credential and print what is missing. True if all is well."""
    outcomes = probe_sources()
    print_probes(outcomes)
    return not any(outcome.is_failure for outcome in outcomes)


def stale_since(target: Warehouse, outcomes: list[Outcome]) -> dict[str, datetime | None]:
    """What the loaded sources still hold from an earlier run: title → time of that data (UTC).

    That are resources that failed or kept their rows, and those of instances that are gone. None
    where there never was a good load.
    """
    settled = {o.title for o in outcomes if o.outcome in ("loaded", "unchanged", "absent")}
    failed = {o.title for o in outcomes if o.is_failure and o.resource != "*"}
    sources = {outcome.source for outcome in outcomes}
    known = {
        f"{source}/{instance}/{resource}": moment
        for source, instance, resource, moment in _last_good(target)
        if source in sources
    }
    return {title: known.get(title) for title in sorted((set(known) | failed) - settled)}


def print_summary(outcomes: list[Outcome], stale: dict[str, datetime | None]) -> None:
    """The run in numbers, and what is stale."""
    failed = sum(1 for outcome in outcomes if outcome.is_failure)
    rows = sum(outcome.rows for outcome in outcomes)
    click.echo(f"{len(outcomes)} resources, {rows} rows fetched, {failed} failed.")
    for title, moment in stale.items():
        since = f"still the data of {moment:%Y-%m-%d %H:%M} UTC" if moment else "never loaded"
        click.echo(f"STALE {title}: {since}")


def print_probes(outcomes: list[Outcome]) -> None:
    """One line per resource: may we read it, and if not, what is missing."""
    for outcome in outcomes:
        click.echo(f"{outcome.outcome:8}{outcome.title}: {outcome.message}")


def _last_good(target: Warehouse) -> list[tuple[str, str, str, datetime]]:
    with duckdb.connect(str(target.raw), read_only=True) as connection:
        return connection.execute(LAST_GOOD).fetchall()
