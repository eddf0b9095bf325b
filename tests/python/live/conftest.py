"""Servers on 127.0.0.1, a clock that advances only by waiting, and a test warehouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipelines.settings import Warehouse
from pipelines.sources.http import RetryPolicy
from tests.python.live import worlds
from tests.python.live.serving import (
    Configure,
    Serve,
    configuring,
    only_this_machine,
    serving,
)


@dataclass
class Clock:
    """Seconds that pass only by waiting, and the recorded waits."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def policy(clock: Clock) -> RetryPolicy:
    """Five attempts, no real waiting, no jitter."""
    return RetryPolicy(
        attempts=5, read_timeout=30.0, clock=clock, sleep=clock.sleep, jitter=lambda: 1.0
    )


@pytest.fixture(autouse=True)
def _no_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    only_this_machine(monkeypatch)


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """A warehouse of this test."""
    root = tmp_path / "warehouse"
    monkeypatch.setenv("WAREHOUSE_DIR", str(root))
    return Warehouse(root)


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Configure:
    """Set settings and secrets of an instance."""
    return configuring(monkeypatch)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server for the test; refusals fail the test."""
    with serving() as start:
        yield start


@pytest.fixture
def make(serve: Callable, configure: Callable) -> Callable[[str], worlds.World]:
    """Create the world of a source."""
    return lambda source: worlds.WORLDS[source](serve, configure)
