"""Writes records as an extract folder and loads it with the extract loader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console

from pipelines.load.batches import load_extracts as load_extracts_of
from pipelines.settings import Warehouse

Record = dict[str, Any]


def load_extracts(
    folder: Path, source: str, records: dict[tuple[str, str], list[Record]]
) -> Warehouse:
    """A warehouse of the same records, loaded from files."""
    for (instance, resource), rows in records.items():
        path = folder / "extracts" / source / instance / f"{resource}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    target = Warehouse(folder / "extracted")
    report = load_extracts_of(target, folder / "extracts", Console(quiet=True))
    assert report.is_ok, report.problems
    return target
