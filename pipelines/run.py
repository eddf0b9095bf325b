"""`make run`: load → dbt build → publish → cards, doing again only what changed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from pipelines import raw
from pipelines.cards import print_cards
from pipelines.field_map import prepare_field_map, seed_path
from pipelines.load import load_extracts
from pipelines.publish import publish, published_manifest, published_marts
from pipelines.published import is_newest_current
from pipelines.settings import PROJECT, BuildError, InputError, Warehouse, shown
from pipelines.summary import print_load

NODES_FAILED = 1  # dbt's exit code; publish says which
DBT = "from dbt.cli.main import cli; cli()"
PROJECT_INPUTS = ("models", "macros", "seeds", "tests/data", "dbt_project.yml", "profiles.yml")
CONTENT = """
select source, instance, resource, max(load_id) filter (where outcome = 'loaded'),
    max_by(outcome, load_id) filter (where outcome <> 'unchanged')
from raw_load.resource_loads group by all order by all
"""


@dataclass(frozen=True)
class RunRequest:
    """What to run. `as_of`: a date or an instant, None for now."""

    target: Warehouse
    extracts: Path
    as_of: str | None = None
    field_map: Path | None = None
    dbt_vars: dict[str, Any] = field(default_factory=dict)

    @property
    def all_vars(self) -> dict[str, Any]:
        return {**self.dbt_vars, **({"as_of": self.as_of} if self.as_of else {})}


def run(request: RunRequest, console: Console) -> bool:
    """True when everything went well, False when a source was left out for a problem.

    Raises InputError for wrong input or configuration, BuildError when the build is not green.
    """
    started = time.monotonic()
    target = request.target
    console.print(f"Warehouse {shown(target.root)}, extracts {shown(request.extracts)}")
    seeds = prepare_field_map(target, request.field_map)
    report = load_extracts(target, request.extracts, console)
    print_load(report, console)
    fingerprint = _fingerprint(request, seeds)
    if _is_published(target, fingerprint) and is_repeatable(request.as_of):
        console.print("Nothing has changed since the last run: dbt build and publish are skipped.")
    else:
        _build(request, seeds)
        publish(target, fingerprint)
    print_cards(target, console)
    _print_hint(request, seeds, console, time.monotonic() - started)
    return report.is_ok


def parse_vars(text: str | None) -> dict[str, Any]:
    """dbt variables from YAML or JSON. Raises InputError when they are no mapping."""
    try:
        values = yaml.safe_load(text or "{}")
    except yaml.YAMLError as error:
        raise InputError(f"the vars {text!r} are no YAML or JSON ({error}).") from error
    if not isinstance(values, dict):
        raise InputError(f"the vars {text!r} are no mapping; write {{name: value}}.")
    return values


def check_as_of(text: str | None) -> str | None:
    """The as-of as given. Raises InputError when it is neither a date nor an instant."""
    if text is None:
        return None
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"the as-of {text!r} is no date; write it as 2026-04-12 or 2026-04-12T15:00:00Z."
        ) from None
    return text


def is_repeatable(as_of: str | None) -> bool:
    """Whether a second build gives the same: the as-of lies in the past, so 'now' plays no part."""
    return as_of is not None and date.fromisoformat(as_of[:10]) < datetime.now(UTC).date()


def _build(request: RunRequest, seeds: Path) -> None:
    """`dbt build` in a process of its own. Raises BuildError when it is not green."""
    target = request.target
    command = [
        *(sys.executable, "-c", DBT, "build"),
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(target.target), "--log-path", str(target.logs)),
        *("--vars", json.dumps(request.all_vars, default=str)),
    ]
    results = target.target / "run_results.json"
    results.unlink(missing_ok=True)
    done = subprocess.run(command, cwd=PROJECT, env=_environment(target, seeds), check=False)
    if done.returncode not in (0, NODES_FAILED) or not results.exists():
        raise BuildError(
            f"nothing published: dbt stopped with exit code {done.returncode}; see above and "
            f"{shown(target.logs)}/dbt.log."
        )


def _environment(target: Warehouse, seeds: Path) -> dict[str, str]:
    return os.environ | {
        "WAREHOUSE_DIR": str(target.root),
        "FIELD_MAP_DIR": seed_path(seeds),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def _fingerprint(request: RunRequest, seeds: Path) -> str:
    """Changes with everything that a build depends on: raw rows, project, field map, vars."""
    digest = hashlib.sha256(json.dumps(request.all_vars, sort_keys=True, default=str).encode())
    with raw.connect(request.target) as con:
        digest.update(repr(con.execute(CONTENT).fetchall()).encode())
    for path in _input_files(seeds):
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _input_files(seeds: Path) -> list[Path]:
    roots = [*(PROJECT / name for name in PROJECT_INPUTS), seeds]
    files = [file for root in roots for file in (root.rglob("*") if root.is_dir() else [root])]
    return sorted(file for file in files if file.is_file() and file.suffix != ".pyc")


def _is_published(target: Warehouse, fingerprint: str) -> bool:
    try:
        manifest = json.loads(published_manifest(target).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    files = (target.marts, published_marts(target))
    is_same = manifest.get("fingerprint") == fingerprint and all(file.exists() for file in files)
    return is_same and is_newest_current(target)


def _print_hint(request: RunRequest, seeds: Path, console: Console, seconds: float) -> None:
    """How to go on by hand on the same data."""
    environment = f"WAREHOUSE_DIR={shown(request.target.root)} FIELD_MAP_DIR={seed_path(seeds)}"
    arguments = f" --vars '{json.dumps(request.all_vars, default=str)}'" if request.all_vars else ""
    console.print(f"\nDone in {seconds:.0f} s. By hand: {environment} dbt build{arguments}")
