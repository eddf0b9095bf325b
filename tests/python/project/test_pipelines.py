"""The packages of the pipelines: which may import which (pyproject.toml), and how long they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from project_files import ROOT

MAX_LINES = 8_000  # docs/decisions/0034


def test_imports_run_in_one_direction() -> None:
    """Imports inside functions count too."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_python_of_the_pipelines_stays_small() -> None:
    files = [path.read_text("utf-8") for path in ROOT.glob("pipelines/**/*.py")]
    assert sum(bool(line.strip()) for text in files for line in text.splitlines()) <= MAX_LINES
