"""Servers on 127.0.0.1, a clock that runs only when we wait, and a warehouse of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipelines.http import RetryPolicy
from pipelines.settings import Warehouse
from tests.python.live.server import StrictServer


@dataclass
class Clock:
    """Seconds that pass only by waiting, and what was waited for."""

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
    """Five attempts, no real waiting, no chance in the back-off."""
    return RetryPolicy(
        attempts=5, read_timeout=30.0, clock=clock, sleep=clock.sleep, jitter=lambda: 1.0
    )


@pytest.fixture(autouse=True)
def _no_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a proxy nor the configuration of the machine takes part."""
    for name in [*os.environ]:
        if name.lower().endswith("_proxy") or name.startswith("SOURCES__"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """A warehouse of this test."""
    root = tmp_path / "warehouse"
    monkeypatch.setenv("WAREHOUSE_DIR", str(root))
    return Warehouse(root)


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set settings and secrets of an instance, as environment variables do."""
    instances: dict[str, list[str]] = {}

    def set_all(source: str, instance: str, **settings: object) -> None:
        names = instances.setdefault(source, [])
        if instance not in names:
            names.append(instance)
        monkeypatch.setenv(f"SOURCES__{source}__INSTANCES".upper(), ",".join(names))
        section = f"SOURCES__{source}__{instance}".upper().replace("-", "_")
        for key, value in settings.items():
            monkeypatch.setenv(f"{section}__{key.upper()}", str(value))

    return set_all


@pytest.fixture
def serve() -> Iterator[Callable[[StrictServer], StrictServer]]:
    """Start a server for the length of the test; what it refused fails the test."""
    started: list[StrictServer] = []
    with ExitStack() as stack:

        def start(server: StrictServer) -> StrictServer:
            stack.enter_context(server.running())
            started.append(server)
            return server

        yield start
    refusals = [refusal for server in started for refusal in server.refusals]
    assert not refusals, refusals
