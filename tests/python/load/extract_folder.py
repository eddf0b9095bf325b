"""Small extract folders for tests, and their load."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console

from pipelines.load.batches import LoadReport, load_extracts
from pipelines.load.raw import Result
from pipelines.load.staging import Staged
from pipelines.load.summary import print_load
from pipelines.settings import Warehouse

Record = dict[str, Any]


def json_lines(records: Iterable[Record]) -> str:
    return "".join(f"{json.dumps(record)}\n" for record in records)


@dataclass
class Extracts:
    """An extract folder of a test and its warehouse."""

    root: Path
    target: Warehouse
    output: str = ""

    def write(self, path: str, content: str | bytes | Iterable[Record]) -> Path:
        """Writes a file below the folder; records become JSON lines, `.gz` is zipped."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, str | bytes):
            content = json_lines(content)
        data = content.encode() if isinstance(content, str) else content
        file.write_bytes(gzip.compress(data) if path.lower().endswith(".gz") else data)
        return file

    def remove(self, path: str) -> None:
        (self.root / path).unlink()

    def load(self) -> LoadReport:
        out = io.StringIO()
        console = Console(file=out, width=200)
        report = load_extracts(self.target, self.root, console)
        print_load(report, console)
        self.output = out.getvalue()
        return report

    def load_one(self) -> Result:
        """Load a folder with one resource; no problem is allowed."""
        report = self.load()
        assert not report.problems, report.problems
        assert len(report.results) == 1
        return report.results[0]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.target.raw), read_only=True) as con:
            return con.execute(sql).fetchall()

    def log(self) -> list[tuple[Any, ...]]:
        return self.rows(
            "select source, instance, resource, outcome, rows_read, rows_loaded, rows_rejected, "
            "row_count from raw_load.resource_loads order by load_id, source, instance, resource"
        )


@dataclass
class StagedRows:
    """One staged batch: its counts, the rows to load and the rejects, as dicts."""

    staged: Staged
    rows: list[Record]
    rejects: list[Record]

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]
