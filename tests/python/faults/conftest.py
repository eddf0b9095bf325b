"""How many tries a kind has, a warehouse of the test, and what a fault must not leave behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from machine_room import few

from pipelines.settings import Warehouse
from tests.python.live.serving import only_this_machine


@pytest.fixture
def tries() -> Callable[[int, int], int]:
    """The tries of the whole suite (make faults), or of CI."""
    return few


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """A warehouse of this test."""
    only_this_machine(monkeypatch)
    root = tmp_path / "warehouse"
    monkeypatch.setenv("WAREHOUSE_DIR", str(root))
    monkeypatch.delenv("NOTIFY_URLS", raising=False)
    return Warehouse(root)
