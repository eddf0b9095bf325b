"""History of past as-of dates: `python -m pipelines backfill --from 2026-04-01 --to 2026-04-12`.

Builds card_history and onboarding_history once per date, in order, with var backfill: the rows are
marked is_backfilled, because they use today's customer master. Each date goes into `memory.duckdb`
for the next one. Then the published as-of is built and published again, with these dates in its
cards, worklist and set. Dates measured on their own day are also replaced.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import click

from pipelines.as_of import check_as_of, today
from pipelines.commands.field_map import seed_path
from pipelines.commands.steps import AS_OF
from pipelines.publish.memory import remember, remember_backfilled
from pipelines.publish.sets import lasting_vars, read_manifest
from pipelines.settings import (
    FIELD_MAP_SEEDS,
    PROJECT,
    BuildError,
    InputError,
    Warehouse,
    shown,
    warehouse,
)

DBT = "from dbt.cli.main import cli; cli()"
HISTORIES = ("+card_history", "+onboarding_history")
Dbt = Callable[[list[str], dict[str, Any]], int]


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
    """Build and record each date. Raises BuildError at the first date that fails.

    Recorded dates stay, so the command can be run again from that date.
    """
    for number, day in enumerate(dates, start=1):
        echo(f"{day} ({number} of {len(dates)})")
        arguments = ["build", "--select", *HISTORIES, "--exclude-resource-type", "test"]
        arguments += ["--exclude-resource-type", "unit_test", "--quiet"]
        if dbt(arguments, {**dbt_vars, "as_of": day, "backfill": True}) != 0:
            raise BuildError(
                f"backfill stopped at {day}; the dates before it are recorded. See above, then run "
                f"again with --from {day} --to {dates[-1]}."
            )
        record()


def published_vars(target: Warehouse) -> dict[str, Any] | None:
    """The dbt variables of the published build; None if nothing is published."""
    manifest = read_manifest(target.published)
    return lasting_vars(manifest) if manifest else None


def run_dbt(target: Warehouse) -> Dbt:
    """Run dbt on the warehouse in a child process; return its exit code."""
    seeds = target.field_map if target.field_map.is_dir() else FIELD_MAP_SEEDS
    environment = os.environ | {
        "WAREHOUSE_DIR": str(target.root),
        "FIELD_MAP_DIR": seed_path(seeds),
    }

    def run(arguments: list[str], dbt_vars: dict[str, Any]) -> int:
        as_of = str(dbt_vars.get("as_of") or "")
        other_vars = {name: value for name, value in dbt_vars.items() if name != "as_of"}
        command = [
            *(sys.executable, "-c", DBT, *arguments),
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            *("--target-path", str(target.target), "--log-path", str(target.logs)),
            *("--vars", json.dumps(other_vars, default=str)),
        ]
        variables = environment | {AS_OF: as_of}
        return subprocess.run(command, cwd=PROJECT, env=variables, check=False).returncode

    return run


def _date(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} {text} is not a date; write it as 2026-04-12.") from None


@click.command()
@click.option("--from", "first", required=True, metavar="DATE", help="First as-of date.")
@click.option("--to", "last", required=True, metavar="DATE", help="Last as-of date.")
@click.option("--vars", "vars_text", help="dbt variables as YAML (default: the published ones).")
def backfill(first: str, last: str, vars_text: str | None) -> None:
    """Record the history of past as-of dates, then publish again."""
    from pipelines.commands.run import parse_vars
    from pipelines.locking import only_run
    from pipelines.publish.write import publish

    target = warehouse()
    given = parse_vars(vars_text)
    if not target.raw.exists():
        raise InputError(f"{shown(target.raw)} does not exist: nothing is loaded; run `make run`.")
    known = published_vars(target)
    dbt_vars = {**(known or {"as_of": last}), **given}
    dates = backfill_dates(first, last, dbt_vars)
    check_as_of(None, dbt_vars)
    with only_run(target):
        remember(target)
        dbt = run_dbt(target)
        backfill_history(dates, dbt_vars, dbt, click.echo, lambda: remember_backfilled(target))
        click.echo(f"build and publish as of {dbt_vars.get('as_of', 'now')}")
        dbt(["build", "--exclude-resource-type", "unit_test", "--quiet"], dbt_vars)
        publish(target)
