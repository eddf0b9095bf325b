"""Starts servers and points the configuration at them, for all test folders."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.python.live.server import StrictServer

Serve = Callable[[StrictServer], StrictServer]
Configure = Callable[..., None]


@contextmanager
def serving() -> Iterator[Serve]:
    """Give the function that starts a server; refusals fail the test at its end."""
    started: list[StrictServer] = []
    with ExitStack() as stack:

        def start(server: StrictServer) -> StrictServer:
            stack.enter_context(server.running())
            started.append(server)
            return server

        yield start
    refusals = [refusal for server in started for refusal in server.refusals]
    assert not refusals, refusals


def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use neither the proxy nor the configuration of the machine."""
    for name in [*os.environ]:
        if name.lower().endswith("_proxy") or name.startswith("SOURCES__"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def configuring(monkeypatch: pytest.MonkeyPatch) -> Configure:
    """The function that sets settings and secrets of an instance, as environment variables do."""
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
