"""`make gate`: builds what a branch changes, and everything downstream, against production.

dbt compares the project with the manifest of the published set (`state:modified+`) and reads every
other model from production (`--defer`), which profile target `gate` attaches read-only. As-of and
vars are those of the published set, so built and deferred models refer to the same day.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import click

from pipelines.as_of import check_as_of
from pipelines.commands.company import company_folder
from pipelines.commands.dbt import run_dbt
from pipelines.commands.field_map import prepare_field_map
from pipelines.commands.options import FOLDER, dbt_vars, field_map
from pipelines.locking import only_run
from pipelines.publish.memory import remember
from pipelines.publish.sets import lasting_vars, published_place, read_manifest
from pipelines.settings import (
    FIELD_MAP_SEEDS,
    HOME,
    PROJECT,
    BuildError,
    InputError,
    Warehouse,
    shown,
)

GATE = HOME / "data" / "gate"


def run_gate(
    production: Warehouse,
    work: Path = GATE,
    seeds: Path = FIELD_MAP_SEEDS,
    dbt_vars: dict[str, Any] | None = None,
    project: Path = PROJECT,
) -> bool:
    """Build what was changed; True if nothing failed. `work`: folder for output and logs, emptied
    first. Raises InputError if part of production is missing, BuildError if dbt stopped early."""
    published = published_folder(production)
    all_vars = {**published_vars(published), **(dbt_vars or {})}
    for name in ("gate.duckdb", "gate.duckdb.wal"):
        (work / name).unlink(missing_ok=True)
    shutil.rmtree(work / "target", ignore_errors=True)
    remember(production, work / "memory.duckdb")
    arguments = ("build", "--target", "gate", "--select", "state:modified+", "--defer")
    state = ("--state", str(published / "dbt"))
    try:
        return run_dbt((*arguments, *state), production, seeds, all_vars, Warehouse(work), project)
    except BuildError as error:
        raise BuildError(
            f"{error} When production is being built, wait, or use a copy of it."
        ) from None


def published_folder(production: Warehouse) -> Path:
    """The published set to compare with. Raises InputError if part of production is missing."""
    folder = published_place(production).current
    needed = (production.marts, production.raw, (folder or production.root) / "dbt/manifest.json")
    missing = [path.name if folder else "published set" for path in needed if not path.exists()]
    if folder is None or missing:
        raise InputError(
            f"{shown(production.root)}: {missing[0]} is missing; give the warehouse folder of "
            "production, or a copy, in which this version has published."
        )
    return folder


def published_vars(folder: Path) -> dict[str, Any]:
    """The vars of a published set; a build as of now becomes one as of that instant."""
    manifest = read_manifest(folder)
    instants = [card["as_of_at"] for card in manifest.get("cards", ())]
    return {**({"as_of": max(instants)} if instants else {}), **lasting_vars(manifest)}


def is_of_published_build(production: Warehouse) -> bool:
    results = production.target / "run_results.json"
    folder = published_place(production).current
    if folder is None or not results.exists():
        return True
    run_id = json.loads(results.read_text("utf-8"))["metadata"]["invocation_id"]
    return run_id == read_manifest(folder).get("run_id")


@click.command()
@click.option(
    "--state", type=FOLDER, required=True, help="Warehouse folder of production, or a copy of it."
)
@field_map(" (default: that of production)")
@dbt_vars(" (default: the published ones)")
def command(state: Path, field_map: Path | None, dbt_vars: dict[str, Any]) -> None:
    """Build only what this branch changes, and everything downstream, against production."""
    check_as_of(None, dbt_vars)
    production, work = Warehouse(state.resolve()), Warehouse(GATE)
    with only_run(work):
        own = production.field_map if production.field_map.is_dir() else None
        seeds = prepare_field_map(work, field_map or company_folder() or own)
        if seeds != FIELD_MAP_SEEDS and production.card_seeds.is_dir():
            shutil.copytree(production.card_seeds, work.card_seeds, dirs_exist_ok=True)
        if not is_of_published_build(production):
            click.echo(
                f"WARNING {shown(production.marts)} contains another build than the published set; "
                "run `make run` there for a reliable comparison.",
                err=True,
            )
        is_good = run_gate(production, work.root, seeds, dbt_vars)
    if not is_good:
        raise BuildError("the gate is closed: see the failed models and tests above.")
    click.echo("The gate is open.")
