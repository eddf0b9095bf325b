"""Builds one world with the real loader and dbt, and compares it with the oracle."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from mart_comparison import COMPARED, compare
from oracle import Oracle

REPOSITORY = Path(__file__).resolve().parents[3]
SEEDS = REPOSITORY / "seeds"
# the compared models and their ancestors; data tests have their own suite
DBT_MODELS = (
    "build",
    "--exclude-resource-type=test",
    "--exclude-resource-type=unit_test",
    "--select",
    *(f"+{relation.split('.')[1]}" for relation in COMPARED),
)


class BuildError(RuntimeError):
    """The loader or dbt failed for a world."""


def build(
    extracts: Path,
    field_map: Path,
    given: dict[str, Any],
    folder: Path,
    slot: str = "main",
) -> Path:
    """Load the extracts, after those of `earlier` beside them, and build the compared models;
    returns the warehouse file.

    `folder` gets the databases; `slot` names a folder below data/property (ignored by git) for
    the seeds and dbt's files, which saves time if the next world has the same settings.
    Raises BuildError with the end of the output when a step fails.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    work = REPOSITORY / "data" / "property" / slot
    seeds = work / "field_map"
    shutil.rmtree(seeds, ignore_errors=True)
    shutil.copytree(SEEDS / "field_map", seeds)
    shutil.copytree(field_map, seeds, dirs_exist_ok=True)
    environment = os.environ | {
        "WAREHOUSE_DIR": str(folder),
        "FIELD_MAP_DIR": str(seeds.relative_to(REPOSITORY)),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "RUNTIME__DLTHUB_TELEMETRY": "false",
    }
    python = Path(sys.executable)
    for one in (extracts.with_name("earlier"), extracts):
        if one.exists():
            _run([str(python), "-m", "pipelines", "load", "extracts", str(one)], environment)
    _run(
        [
            str(python.with_name("dbt")),
            *DBT_MODELS,
            "--target-path",
            str(work / "target"),
            "--log-path",
            str(work / "logs"),
            "--vars",
            json.dumps(given),
        ],
        environment,
    )
    return folder / "warehouse.duckdb"


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        command,
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        words = " ".join(command[1:4])
        raise BuildError(
            f"`{words}` ended with {done.returncode}:\n{(done.stdout + done.stderr)[-4000:]}"
        )


def check(
    extracts: Path,
    field_map: Path,
    given: dict[str, Any],
    folder: Path,
    slot: str = "main",
) -> list[str]:
    """Build a world and compare; one sentence per difference."""
    warehouse = build(extracts, field_map, given, folder, slot)
    return compare(warehouse, Oracle(extracts, field_map, SEEDS, given))
