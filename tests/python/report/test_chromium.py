"""Where the browser comes from; without one, a message says what to install."""

from __future__ import annotations

import shutil
from pathlib import Path

import chromium
import pytest


def only(*names: str) -> object:
    """A machine with only these programs."""
    return lambda name: f"/bin/{name}" if name in names else None


def test_the_variable_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "my-chromium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(program))
    assert chromium.chromium() == str(program)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "nothing"))
    with pytest.raises(chromium.NoBrowserError, match="is not a program"):
        chromium.chromium()


def test_a_browser_that_is_there_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(shutil, "which", only("google-chrome", "apt-get"))
    assert chromium.chromium() == "/bin/google-chrome"


def test_no_browser_and_no_installer_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(shutil, "which", only())
    with pytest.raises(chromium.NoBrowserError, match=r"apt-get install .* chromium"):
        chromium.chromium()


def test_a_failed_installation_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(shutil, "which", only("apt-get", "sudo"))
    monkeypatch.setattr(chromium, "INSTALL", "echo 'no such mirror' >&2; exit 100")
    monkeypatch.setattr("os.getuid", lambda: 0)
    with pytest.raises(chromium.NoBrowserError, match="apt-get said: no such mirror"):
        chromium.chromium()
