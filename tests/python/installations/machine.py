"""Runs an installation with the user command, each time in an empty warehouse.

The folder keeps its path and dbt's parsed project, so runs do not parse again (9 s). Everything else
is removed before a run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from oracle import Oracle
from pieces import Installation
from world_build import REPOSITORY, SEEDS
from worlds import World

Row = dict[str, Any]


@dataclass(frozen=True)
class Done:
    """How a command ended: exit code and everything it printed."""

    code: int
    output: str


@dataclass(frozen=True)
class Machine:
    """A warehouse folder with folders for extracts and field map."""

    root: Path

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse"

    @property
    def extracts(self) -> Path:
        return self.root / "world" / "extracts"

    @property
    def field_map(self) -> Path:
        return self.root / "world" / "field_map"

    @property
    def marts(self) -> Path:
        return self.warehouse / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.warehouse / "published" / "marts.duckdb"

    def clear(self) -> None:
        """Remove everything but dbt's parsed project."""
        for path in self.warehouse.glob("*"):
            if path.name != "target":
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def remove(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.root, ignore_errors=True)

    def write(self, one: Installation) -> None:
        """Replace the extract files and the field map."""
        shutil.rmtree(self.root / "world", ignore_errors=True)
        self.extracts.mkdir(parents=True)
        World(one.given, one.field_map, one.files).write(self.root / "world")

    def run(self, command: str, given: dict[str, Any]) -> Done:
        """`python -m pipelines <command>` on the written installation."""
        vars_given = {name: value for name, value in given.items() if name != "as_of"}
        return self.call(
            command,
            *("--extracts", str(self.extracts)),
            *(("--as-of", given["as_of"]) if "as_of" in given else ()),
            *("--field-map", str(self.field_map)),
            *(("--vars", json.dumps(vars_given)) if vars_given else ()),
        )

    def call(self, *words: str) -> Done:
        """Any command of the project on this warehouse."""
        done = subprocess.run(
            [sys.executable, "-m", "pipelines", *words],
            cwd=REPOSITORY,
            env=os.environ | {"WAREHOUSE_DIR": str(self.warehouse)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Done(done.returncode, done.stdout)

    def oracle(self, given: dict[str, Any]) -> Oracle:
        """The recount of the written files."""
        return Oracle(self.extracts, self.field_map, SEEDS, given)

    def opened(self) -> duckdb.DuckDBPyConnection:
        """The published set; the caller closes it."""
        return duckdb.connect(str(self.published), read_only=True)

    def query(self, sql: str) -> list[Row]:
        """Rows of the published set."""
        with self.opened() as connection:
            cursor = connection.execute(sql)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def machine(name: str) -> Machine:
    """A machine below data/ (ignored by git), for this test process."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    root = REPOSITORY / "data" / "installations" / f"{name}-{worker}-{os.getpid()}"
    (root / "warehouse").mkdir(parents=True, exist_ok=True)
    return Machine(root)
