"""`make run`: load → dbt build → publish → cards; rebuilds only what changed."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from pipelines.as_of import check_as_of
from pipelines.commands.company import EXTRACTS, SETTINGS, company_folder, with_company
from pipelines.commands.dbt import seed_folders
from pipelines.commands.field_map import prepare_field_map
from pipelines.commands.options import FOLDER, console, dbt_vars, field_map
from pipelines.commands.steps import (
    RunRequest,
    build_marts,
    fingerprint_of,
    is_published,
    load_raw,
    print_warnings,
)
from pipelines.load.discovery import check_extracts
from pipelines.locking import only_run
from pipelines.publish.cards import print_cards
from pipelines.publish.write import publish
from pipelines.settings import (
    HOME,
    PROJECT,
    SAMPLE_AS_OF,
    SAMPLE_EXTRACTS,
    InputError,
    shown,
    warehouse_for,
)


@click.command()
@click.option("--extracts", type=FOLDER, help="Folder of extract files (default: the sample).")
@click.option("--as-of", help="As-of date or instant (default: now; the sample: its date).")
@field_map()
@dbt_vars()
@click.option("--verbose", is_flag=True, help="Show dbt's output (it is in logs/dbt.log).")
def command(
    extracts: Path | None,
    as_of: str | None,
    field_map: Path | None,
    dbt_vars: dict[str, Any],
    verbose: bool,
) -> None:
    """Load, dbt build, publish, print the cards; a second run rebuilds only what changed."""
    extracts, field_map = with_company(extracts, field_map)
    if field_map and field_map == company_folder() and not extracts:
        add = f"add `{EXTRACTS}: <folder>`, or load the live systems with `daily`."
        raise InputError(f"{field_map}/{SETTINGS} names no extracts; {add}")
    folder = extracts or SAMPLE_EXTRACTS
    check_extracts(folder)
    as_of = check_as_of(as_of, dbt_vars) or (None if extracts else SAMPLE_AS_OF)
    target = warehouse_for(folder)
    with only_run(target):
        request = RunRequest(target, folder, as_of, field_map, dbt_vars)
        is_ok = run(request, console(), is_verbose=verbose)
    sys.exit(0 if is_ok else 2)


def run(request: RunRequest, console: Console, is_verbose: bool = False) -> bool:
    """True on success, False if a resource was skipped because of a problem. Raises InputError for
    invalid input or configuration, BuildError if the build is not green."""
    started = time.monotonic()
    target = request.target
    extracts = shown(request.extracts) if request.extracts else "the live systems"
    console.print(f"Warehouse {shown(target.root)}, extracts {extracts}")
    seeds = prepare_field_map(target, request.field_map)
    is_complete = load_raw(request, console)
    fingerprint = fingerprint_of(request, seeds)
    if is_published(request, fingerprint):
        console.print("Nothing has changed since the last run: dbt build and publish are skipped.")
    else:
        if not is_verbose:
            log = shown(target.logs / "dbt.log")
            console.print(f"dbt build (its output: {log}, or --verbose)", highlight=False)
        build_marts(request, seeds, None if is_verbose else console)
        publish(target, fingerprint)
        print_warnings(target, console)
    print_cards(target, console)
    folders = {"WAREHOUSE_DIR": shown(target.root), **seed_folders(seeds)}
    environment = " ".join(f"{name}={folder}" for name, folder in folders.items())
    arguments = f" --vars '{json.dumps(request.all_vars, default=str)}'" if request.all_vars else ""
    if PROJECT != HOME:
        arguments += f" --project-dir {PROJECT} --profiles-dir {PROJECT}"
    seconds = time.monotonic() - started
    own = f" COMPANY={folder}" if (folder := company_folder()) else f" EXTRACTS={extracts}"
    page = "make report" + ("" if request.extracts == SAMPLE_EXTRACTS else own)
    console.print(f"\nThe page with the list of customers: {page}", highlight=False, markup=False)
    console.print(f"Done in {seconds:.0f} s. By hand: {environment} dbt build{arguments}")
    return is_complete
