"""The steps shared by `run` and `daily`: load, dbt build, and whether there is anything to do."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console

from pipelines.as_of import today
from pipelines.commands.field_map import seed_path
from pipelines.load import raw
from pipelines.load.batches import load_extracts
from pipelines.load.summary import print_load
from pipelines.publish.memory import remember
from pipelines.publish.sets import is_newest_current, published_marts, read_manifest
from pipelines.settings import PROJECT, BuildError, Warehouse, shown

NODES_FAILED = 1  # dbt's exit code; publish says which
DBT = "from dbt.cli.main import cli; cli()"
AS_OF = "DBT_ENV_CUSTOM_ENV_AS_OF"  # macros/as_of.sql: no full parse, unlike a new var
PROJECT_INPUTS = ("models", "macros", "seeds", "tests/data", "dbt_project.yml", "profiles.yml")
CONTENT = """
select source, instance, resource, max(load_id) filter (where outcome = 'loaded'),
    max_by(outcome, load_id) filter (where outcome <> 'unchanged')
from raw_load.resource_loads group by all order by all
"""


@dataclass(frozen=True)
class RunRequest:
    """What to run. `as_of`: a date or an instant, None for now. No `extracts`: the live systems."""

    target: Warehouse
    extracts: Path | None
    as_of: str | None = None
    field_map: Path | None = None
    dbt_vars: dict[str, Any] = field(default_factory=dict)

    @property
    def all_vars(self) -> dict[str, Any]:
        return {**self.dbt_vars, **({"as_of": self.as_of} if self.as_of else {})}


def load_raw(request: RunRequest, console: Console) -> bool:
    """Fill the raw tables; False if a resource was skipped because of a problem.

    Raises InputError for an unreadable folder, or if no live system is configured.
    """
    remember(request.target)
    if request.extracts is None:
        return _load_live(request.target)
    report = load_extracts(request.target, request.extracts, console)
    print_load(report, console)
    return report.is_ok


def _load_live(target: Warehouse) -> bool:
    from pipelines.commands.live import print_summary, stale_since
    from pipelines.load.live import ALL, load_sources

    outcomes = load_sources([ALL], False, target)
    print_summary(outcomes, stale_since(target, outcomes))
    return not any(outcome.is_failure for outcome in outcomes)


def build_marts(request: RunRequest, seeds: Path) -> bool:
    """`dbt build` in a child process; False if nodes failed (publish lists them).

    Raises BuildError if dbt stopped early.
    """
    target = request.target
    remember(target)
    dbt_vars = {name: value for name, value in request.all_vars.items() if name != "as_of"}
    command = [
        # at level debug, writing the log is an eighth of the build; target/run has the SQL
        *(sys.executable, "-c", DBT, "--log-level-file", "info", "build"),
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(target.target), "--log-path", str(target.logs)),
        *("--exclude-resource-type", "unit_test"),  # they test the project, not the data
        *("--vars", json.dumps(dbt_vars, default=str)),
    ]
    results = target.target / "run_results.json"
    results.unlink(missing_ok=True)
    done = subprocess.run(command, cwd=PROJECT, env=_environment(request, seeds), check=False)
    if done.returncode not in (0, NODES_FAILED) or not results.exists():
        raise BuildError(
            f"nothing published: dbt stopped with exit code {done.returncode}; see above and "
            f"{shown(target.logs)}/dbt.log."
        )
    return done.returncode == 0


def _environment(request: RunRequest, seeds: Path) -> dict[str, str]:
    return os.environ | {
        "WAREHOUSE_DIR": str(request.target.root),
        AS_OF: str(request.all_vars.get("as_of") or ""),
        "FIELD_MAP_DIR": seed_path(seeds),
        "DBT_USE_COLORS": str(sys.stdout.isatty()),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        # a seed file may lack a newer column
        "PYTHONWARNINGS": "ignore::RuntimeWarning:agate.type_tester",
    }


def fingerprint_of(request: RunRequest, seeds: Path) -> str:
    """A hash of everything a build depends on: raw rows, project, field map, vars."""
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


def is_published(request: RunRequest, fingerprint: str) -> bool:
    """Whether this run would build what is already published; only possible for a past as-of."""
    is_past = is_repeatable(request.as_of, request.dbt_vars)
    return is_past and has_fingerprint(request.target, fingerprint)


def has_fingerprint(target: Warehouse, fingerprint: str) -> bool:
    """Whether the last build was of this fingerprint and is the published set."""
    manifest = read_manifest(target.published)
    files = (target.marts, published_marts(target))
    is_same = manifest.get("fingerprint") == fingerprint and all(file.exists() for file in files)
    return is_same and is_newest_current(target)


def is_repeatable(as_of: str | None, dbt_vars: dict[str, Any]) -> bool:
    """Whether a second build gives the same: the as-of is in the past, independent of now."""
    return as_of is not None and date.fromisoformat(as_of[:10]) < today(dbt_vars)
