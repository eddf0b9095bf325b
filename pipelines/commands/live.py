"""The commands of the live pipelines: `load <source>|all [--full]` and `doctor --connect`."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import click
import duckdb

from pipelines.settings import Warehouse, warehouse
from pipelines.sources.tables import ALL, SOURCES

if TYPE_CHECKING:
    from pipelines.load.live import Outcome

LAST_GOOD = """
select source, instance, resource, max(extracted_at)
from raw_load.resource_loads
where outcome in ('loaded', 'unchanged')
group by all"""


def load_live(source: str, full: bool) -> None:
    """Load one source, or all. Exit code 2 if a resource failed; its old rows stay."""
    from pipelines.load.live import load_sources
    from pipelines.locking import only_run
    from pipelines.publish.memory import remember

    target = warehouse()
    with only_run(target):
        remember(target)
        outcomes = load_sources([source], full, target)
        print_summary(outcomes, stale_since(target, outcomes))
    if any(outcome.is_failure for outcome in outcomes):
        raise SystemExit(2)


def live_command(source: str) -> click.Command:
    """The command `load <source> [--full]`."""
    what = "every configured source" if source == ALL else source
    return click.Command(
        source,
        callback=partial(load_live, source),
        params=[click.Option(["--full"], is_flag=True, help="Load everything, not only changes.")],
        help=f"Load {what} from the live API: what changed since the last load.",
    )


def connect_check() -> bool:
    """`doctor --connect`: test every credential and print what is missing. True if all work."""
    from pipelines.load.live import probe_sources

    outcomes = probe_sources()
    print_probes(outcomes)
    return not any(outcome.is_failure for outcome in outcomes)


def stale_since(target: Warehouse, outcomes: list[Outcome]) -> dict[str, datetime | None]:
    """Data of the loaded sources from an earlier run: title → time of that data (UTC).

    These are resources that failed or kept their rows, and those of removed instances. None without
    a successful load.
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
    """The numbers of the run, and stale data."""
    failed = sum(1 for outcome in outcomes if outcome.is_failure)
    rows = sum(outcome.rows for outcome in outcomes)
    click.echo(f"{len(outcomes)} resources, {rows} rows fetched, {failed} failed.")
    for title, moment in stale.items():
        since = f"still the data of {moment:%Y-%m-%d %H:%M} UTC" if moment else "never loaded"
        click.echo(f"STALE {title}: {since}")


def print_probes(outcomes: list[Outcome]) -> None:
    """One line per resource: whether it can be read, and if not, what is missing."""
    for outcome in outcomes:
        click.echo(f"{outcome.outcome:8}{outcome.title}: {outcome.message}")


def _last_good(target: Warehouse) -> list[tuple[str, str, str, datetime]]:
    with duckdb.connect(str(target.raw), read_only=True) as connection:
        return connection.execute(LAST_GOOD).fetchall()


LIVE_COMMANDS = tuple(live_command(source) for source in (*SOURCES, ALL))
