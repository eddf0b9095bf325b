"""Fixtures of the load tests: an extract folder, and its only batch in a staging table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from extract_folder import Extracts, StagedRows

from pipelines.load.discovery import find_extracts
from pipelines.load.staging import open_staging, rejects, rows_to_load, stage
from pipelines.settings import Warehouse


@pytest.fixture
def extracts(tmp_path: Path) -> Extracts:
    root = tmp_path / "extracts"
    root.mkdir()
    return Extracts(root, Warehouse(tmp_path / "warehouse"))


@pytest.fixture
def staged(extracts: Extracts) -> Callable[[], StagedRows]:
    """Read the only batch of the folder into a staging table, without dlt."""

    def read() -> StagedRows:
        found = find_extracts(extracts.root)
        assert not found.problems, found.problems
        assert len(found.batches) == 1
        with open_staging(":memory:") as con:
            result = stage(con, found.batches[0], "staged")
            cursor = con.execute(rows_to_load(result))
            names = [column[0] for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            return StagedRows(result, rows, rejects(con, result).to_pylist())

    return read


@pytest.fixture(autouse=True)
def _own_warehouse(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test may use the warehouse of the person running it."""
    monkeypatch.setenv("WAREHOUSE_DIR", str(tmp_path / "warehouse"))
    monkeypatch.delenv("FIELD_MAP_DIR", raising=False)
