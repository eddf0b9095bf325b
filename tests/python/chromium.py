"""Chromium for the page tests: finds it, or installs Debian's package once."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from filelock import FileLock

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = "apt-get update && apt-get install -y --no-install-recommends chromium"


class NoBrowserError(Exception):
    """Chromium is missing and cannot be installed."""


def chromium() -> str:
    """The path of Chromium: variable CHROMIUM, else an installed one, else by apt-get.

    Raises NoBrowserError when none is possible. Safe for parallel test processes.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        if not shutil.which(named):
            raise NoBrowserError(f"CHROMIUM={named} is not a program; give the path of Chromium.")
        return named
    found = _found()
    if found:
        return found
    with FileLock(Path(tempfile.gettempdir()) / f"install-chromium-{os.getuid()}.lock"):
        return _found() or _installed()


def _found() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _installed() -> str:
    done = None
    if shutil.which("apt-get"):
        command = ["bash", "-c", INSTALL]
        if os.getuid() != 0:
            command = ["sudo", "-n", *command]
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        if os.getuid() == 0 or shutil.which("sudo"):
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, check=False
            )
    found = _found()
    if not found:
        lines = done.stderr.strip().splitlines() if done else []
        why = f" (apt-get said: {lines[-1]})" if lines else ""
        raise NoBrowserError(
            "the tests of the page need Chromium: install it "
            f"(Debian: {INSTALL}) or name it in the variable CHROMIUM{why}."
        )
    return found
