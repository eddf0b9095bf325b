"""Fixtures of the alert tests: a warehouse folder, a webhook or two, a mail server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_world import AlertWorld, MailServer, Webhook

from pipelines.notify import recipients
from pipelines.settings import Warehouse


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test may use the warehouse or recipients of the person running it."""
    monkeypatch.setenv("WAREHOUSE_DIR", str(tmp_path / "warehouse"))
    monkeypatch.setattr(recipients.dlt.secrets, "get", lambda _: None)
    for name in ("NOTIFY_URLS", "NOTIFY__URLS", "NOTIFY_PERSONAL_DATA", "REPORT_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds between attempts; tests do not wait."""
    seconds: list[float] = []
    monkeypatch.setattr(recipients, "sleep", seconds.append)
    return seconds


@pytest.fixture
def world(tmp_path: Path, pauses: list[float]) -> AlertWorld:
    return AlertWorld(Warehouse(tmp_path / "warehouse"))


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhook]:
    """The only recipient, unless the test says otherwise."""
    server = Webhook()
    monkeypatch.setenv("NOTIFY_URLS", server.url)
    yield server
    server.close()


@pytest.fixture
def other_hook() -> Iterator[Webhook]:
    server = Webhook()
    yield server
    server.close()


@pytest.fixture
def mail() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.close()
