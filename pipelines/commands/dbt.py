"""Runs dbt in a process of its own."""

import json
import os
import re
import subprocess
import sys
from collections import deque
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console

from pipelines.commands.field_map import seed_path
from pipelines.duck import opening
from pipelines.settings import FIELD_MAP_SEEDS, PROJECT, BuildError, Warehouse, shown

DBT = "from dbt.cli.main import cli; cli()"
# it ends with its parent: the end of its input is that of a parent that was killed alone
WATCH = "import os, threading as t; t.Thread(target=lambda: os.read(0, 1) or os._exit(9), daemon=1)"
AS_OF = "DBT_ENV_CUSTOM_ENV_AS_OF"  # macros/as_of.sql: no full parse, unlike a new var
NODES_FAILED = 1  # dbt's exit code
NODE_DONE = re.compile(r"(\d+ of \d+) (?!START)[A-Z]")
LAST_LINES = 40  # of dbt's output, shown when it stops early


def run_dbt(
    arguments: tuple[str, ...],
    target: Warehouse,
    seeds: Path,
    dbt_vars: dict[str, Any],
    work: Warehouse | None = None,
    project: Path = PROJECT,
    progress: Console | None = None,
) -> bool:
    """Runs one dbt command; False when nodes failed: run_results.json says which. `work`: where
    target and logs go, else into the warehouse. `progress`: shows how far it is in place of dbt's
    output, which is in the log. Raises BuildError if dbt stopped early."""
    place = work or target
    if target.marts.exists():
        with opening(target.marts), duckdb.connect(str(target.marts), read_only=bool(work)):
            pass  # before anything is deleted
    results = place.target / "run_results.json"
    results.unlink(missing_ok=True)
    others = {name: value for name, value in dbt_vars.items() if name != "as_of"}
    command = [
        # at level debug, writing the log is an eighth of the build; target/run has the SQL
        *(sys.executable, "-c", f"{WATCH}.start(); {DBT}", "--log-level-file", "info", *arguments),
        *("--project-dir", str(project), "--profiles-dir", str(project)),
        *("--target-path", str(place.target), "--log-path", str(place.logs)),
        *("--vars", json.dumps(others, default=str)),
    ]
    variables = {
        "WAREHOUSE_DIR": str(target.root),
        "GATE_DIR": str(place.root),
        AS_OF: str(dbt_vars.get("as_of") or ""),
        **seed_folders(seeds, project),
        "DBT_USE_COLORS": str(sys.stdout.isatty() and not progress),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        # a seed file may lack a newer column
        "PYTHONWARNINGS": "ignore::RuntimeWarning:agate.type_tester",
    }
    code, last_lines = exit_code(command, project, os.environ | variables, progress)
    if code not in (0, NODES_FAILED) or (code and not results.exists()):
        sys.stderr.writelines(last_lines)
        raise BuildError(
            f"nothing published: dbt stopped with exit code {code}; see above and "
            f"{shown(place.logs)}/dbt.log."
        )
    return code == 0


def exit_code(
    command: list[str], folder: Path, variables: dict[str, str], progress: Console | None
) -> tuple[int, list[str]]:
    """The exit code of dbt, and the last lines of its output when they were not shown."""
    lines: deque[str] = deque(maxlen=LAST_LINES)
    taken = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} if progress else {}
    with subprocess.Popen(
        command, cwd=folder, env=variables, stdin=subprocess.PIPE, text=True, **taken
    ) as child:
        if progress:
            assert child.stdout is not None
            with progress.status("dbt build") as status:
                for line in child.stdout:
                    lines.append(line)
                    if done := NODE_DONE.search(line):
                        status.update(f"dbt build: {done.group(1)}")
        return child.wait(), list(lines)


def seed_folders(seeds: Path, project: Path = PROJECT) -> dict[str, str]:
    """The variables that name the seeds of a run: field map, and a company's cards beside it."""
    own = seeds.parent / Warehouse(seeds).card_seeds.name
    cards = own if seeds != FIELD_MAP_SEEDS and own.is_dir() else project / "seeds" / "cards"
    return {
        "FIELD_MAP_DIR": seed_path(seeds, project),
        "CARD_SEEDS_DIR": seed_path(cards, project),
    }
