"""The steps shared by `run` and `daily`: load, dbt build, and whether there is anything to do."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console

from pipelines.as_of import today
from pipelines.commands.dbt import run_dbt
from pipelines.commands.load import load_live
from pipelines.duck import sql
from pipelines.load import raw
from pipelines.load.batches import load_extracts
from pipelines.load.summary import print_load
from pipelines.publish.memory import remember
from pipelines.publish.sets import is_newest_current, read_manifest
from pipelines.publish.write import warnings_of
from pipelines.settings import PROJECT, InputError, Warehouse
from pipelines.sources.tables import SOURCES

PROJECT_INPUTS = ("models", "macros", "seeds", "tests/data", "dbt_project.yml", "profiles.yml")


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
    """Fill the raw tables; False if a resource was skipped because of a problem. Raises InputError
    for an unreadable folder, or if no live system is configured."""
    remember(request.target)
    if request.extracts is None:
        return load_live(request.target, SOURCES)
    report = load_extracts(request.target, request.extracts, console)
    print_load(report, console)
    if all(result.outcome == "failed" for result in report.results):
        raise InputError(f"{request.extracts}: nothing in it could be loaded; nothing is built.")
    return report.is_ok


def build_marts(request: RunRequest, seeds: Path, progress: Console | None = None) -> bool:
    """`dbt build`; False when nodes failed: publish says which. Raises BuildError as run_dbt."""
    remember(request.target)
    # unit tests test the project, not the data
    arguments = ("build", "--exclude-resource-type", "unit_test")
    return run_dbt(arguments, request.target, seeds, request.all_vars, progress=progress)


def print_warnings(target: Warehouse, console: Console) -> None:
    for warning in warnings_of(target):
        console.print(f"WARNING {warning}", style="yellow", highlight=False, markup=False)


def fingerprint_of(request: RunRequest, seeds: Path) -> str:
    """A hash of everything a build depends on: raw rows, project, field map, vars."""
    digest = hashlib.sha256(json.dumps(request.all_vars, sort_keys=True, default=str).encode())
    with raw.connect(request.target) as con:
        digest.update(repr(con.execute(sql("commands/sql/raw_content.sql")).fetchall()).encode())
    roots = [*(PROJECT / name for name in PROJECT_INPUTS), seeds, request.target.card_seeds]
    files = [file for root in roots for file in (root.rglob("*") if root.is_dir() else [root])]
    for path in sorted(file for file in files if file.is_file() and file.suffix != ".pyc"):
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_published(request: RunRequest, fingerprint: str) -> bool:
    """Whether this run would build what is already published; only possible for a past as-of."""
    is_past = is_repeatable(request.as_of, request.dbt_vars)
    return is_past and has_fingerprint(request.target, fingerprint)


def has_fingerprint(target: Warehouse, fingerprint: str) -> bool:
    manifest = read_manifest(target.published)
    files = (target.marts, target.published_marts)
    is_same = manifest.get("fingerprint") == fingerprint and all(file.exists() for file in files)
    return is_same and not target.unfinished.exists() and is_newest_current(target)


def is_repeatable(as_of: str | None, dbt_vars: dict[str, Any]) -> bool:
    """Whether a second build gives the same: the as-of is in the past, independent of now."""
    return as_of is not None and date.fromisoformat(as_of[:10]) < today(dbt_vars)
