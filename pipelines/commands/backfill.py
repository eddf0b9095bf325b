"""History of past as-of dates: `python -m pipelines backfill --from 2026-04-01 --to 2026-04-12`.

Builds card_history and onboarding_history once per date, in order, marked is_backfilled because
they use today's customer master; each goes into `memory.duckdb` for the next one. Then the
published as-of is built and published again. Dates measured on their own day are also replaced.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import click

from pipelines.as_of import check_as_of, today
from pipelines.commands.dbt import run_dbt
from pipelines.commands.options import dbt_vars
from pipelines.locking import only_run
from pipelines.publish.memory import remember, remember_backfilled
from pipelines.publish.sets import lasting_vars, read_manifest
from pipelines.publish.write import publish
from pipelines.settings import FIELD_MAP_SEEDS, BuildError, InputError, Warehouse, shown, warehouse

HISTORIES = ("+card_history", "+onboarding_history")
NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test", "--quiet")
Dbt = Callable[[tuple[str, ...], dict[str, Any]], bool]


def backfill_dates(first: str, last: str, dbt_vars: dict[str, Any] | None = None) -> list[str]:
    """Every date from first to last, both included. Raises InputError for an unusable range."""
    start, end = _date(first, "--from"), _date(last, "--to")
    if start > end:
        raise InputError(f"--from {first} is after --to {last}; swap them.")
    if end > today(dbt_vars or {}):
        raise InputError(f"--to {last} is in the future and cannot be measured yet.")
    return [(start + timedelta(days=days)).isoformat() for days in range((end - start).days + 1)]


def backfill_history(
    dates: list[str],
    dbt_vars: dict[str, Any],
    dbt: Dbt,
    echo: Callable[[str], None],
    record: Callable[[], None],
) -> None:
    """Build and record each date. Raises BuildError at the first date that fails: those before it
    stay."""
    for number, day in enumerate(dates, start=1):
        echo(f"{day} ({number} of {len(dates)})")
        arguments = ("build", "--select", *HISTORIES, "--exclude-resource-type", "test")
        if number > 1:  # seeds have no date
            arguments += ("--exclude-resource-type", "seed")
        if not dbt((*arguments, *NO_UNIT_TESTS), {**dbt_vars, "as_of": day, "backfill": True}):
            raise BuildError(
                f"backfill stopped at {day}; the dates before it are recorded. See above, then run "
                f"again with --from {day} --to {dates[-1]}."
            )
        record()


def published_vars(target: Warehouse) -> dict[str, Any] | None:
    manifest = read_manifest(target.published)
    return lasting_vars(manifest) if manifest else None


def _date(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} {text} is not a date; write it as 2026-04-12.") from None


@click.command()
@click.option("--from", "first", required=True, metavar="DATE", help="First as-of date.")
@click.option("--to", "last", required=True, metavar="DATE", help="Last as-of date.")
@dbt_vars(" (default: the published ones)")
def command(first: str, last: str, dbt_vars: dict[str, Any]) -> None:
    """Record the history of past as-of dates, then publish again."""
    target = warehouse()
    if not target.raw.exists():
        raise InputError(f"{shown(target.raw)} does not exist: nothing is loaded; run `make run`.")
    known = published_vars(target)
    dbt_vars = {**(known or {"as_of": last}), **dbt_vars}
    dates = backfill_dates(first, last, dbt_vars)
    check_as_of(None, dbt_vars)
    with only_run(target):
        remember(target)
        seeds = target.field_map if target.field_map.is_dir() else FIELD_MAP_SEEDS

        def dbt(arguments: tuple[str, ...], variables: dict[str, Any]) -> bool:
            return run_dbt(arguments, target, seeds, variables)

        backfill_history(dates, dbt_vars, dbt, click.echo, lambda: remember_backfilled(target))
        click.echo(f"build and publish as of {dbt_vars.get('as_of', 'now')}")
        dbt(("build", *NO_UNIT_TESTS), dbt_vars)
        publish(target)
