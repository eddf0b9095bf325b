"""`make run`: load → dbt build → publish → cards; rebuilds only what changed."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from pipelines.commands.field_map import prepare_field_map, seed_path
from pipelines.commands.steps import RunRequest, build_marts, fingerprint_of, is_published, load_raw
from pipelines.publish.cards import print_cards
from pipelines.publish.write import publish
from pipelines.settings import InputError, shown


def run(request: RunRequest, console: Console) -> bool:
    """True on success, False if a resource was skipped because of a problem.

    Raises InputError for invalid input or configuration, BuildError if the build is not green.
    """
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
        build_marts(request, seeds)
        publish(target, fingerprint)
    print_cards(target, console)
    _print_hint(request, seeds, console, time.monotonic() - started)
    return is_complete


def parse_vars(text: str | None) -> dict[str, Any]:
    """dbt variables from YAML or JSON. Raises InputError if they are not a mapping."""
    try:
        values = yaml.safe_load(text or "{}")
    except yaml.YAMLError as error:
        raise InputError(f"the vars {text!r} are not valid YAML or JSON ({error}).") from error
    if not isinstance(values, dict):
        raise InputError(f"the vars {text!r} are not a mapping; write {{name: value}}.")
    return values


def _print_hint(request: RunRequest, seeds: Path, console: Console, seconds: float) -> None:
    """The command to continue by hand on the same data."""
    environment = f"WAREHOUSE_DIR={shown(request.target.root)} FIELD_MAP_DIR={seed_path(seeds)}"
    arguments = f" --vars '{json.dumps(request.all_vars, default=str)}'" if request.all_vars else ""
    console.print(f"\nDone in {seconds:.0f} s. By hand: {environment} dbt build{arguments}")
