"""The committed sample files are what `python samples/generate.py` writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from golden_sample import REPOSITORY

REMEDY = "run `python samples/generate.py` and commit what it writes"


def _generated_files(root: Path) -> dict[str, bytes]:
    """The generated files below `root`: extracts and golden tables."""
    paths = [
        *root.glob("samples/*/*/*/*.jsonl"),
        *root.glob("tests/python/golden/expected/*/worklist.csv"),
        *root.glob("tests/python/golden/expected/*/presence.csv"),
        *root.glob("tests/python/golden/expected/*/card_rows.csv"),
    ]
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


def test_samples_are_current(tmp_path: Path) -> None:
    """No file is missing, out of date, edited by hand or left over."""
    subprocess.run(
        [sys.executable, str(REPOSITORY / "samples" / "generate.py"), "--out", str(tmp_path)],
        check=True,
    )
    written, committed = _generated_files(tmp_path), _generated_files(REPOSITORY)
    assert written, "the generator wrote nothing"
    missing = sorted(written.keys() - committed.keys())
    surplus = sorted(committed.keys() - written.keys())
    changed = sorted(
        path for path in written.keys() & committed.keys() if written[path] != committed[path]
    )
    assert not (missing or surplus or changed), (
        f"{REMEDY}; missing: {missing}; left over: {surplus}; differ: {changed}"
    )
