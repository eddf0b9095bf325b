"""A warehouse that can be published."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from small_build import MARTS, write_build

from pipelines.settings import Warehouse


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    monkeypatch.delenv("PUBLISHED_SETS_KEPT", raising=False)
    monkeypatch.setenv("WAREHOUSE_DIR", str(tmp_path / "warehouse"))
    target = Warehouse(tmp_path / "warehouse")
    target.root.mkdir()
    with duckdb.connect(str(target.marts)) as con:
        con.execute(MARTS)
    write_build(target)
    return target
