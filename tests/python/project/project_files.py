"""The project's files: manifest, models by layer, tracked files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]


@cache
def manifest() -> dict[str, Any]:
    """Parse the project into a scratch folder and return the manifest."""
    with TemporaryDirectory() as scratch:
        dbt = str(Path(sys.executable).with_name("dbt"))
        command = [dbt, "--quiet", "parse", "--no-partial-parse"]
        command += ["--target-path", scratch, "--log-path", scratch]
        # the profile only needs an existing folder
        environment = os.environ | {"WAREHOUSE_DIR": scratch}
        result = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return json.loads((Path(scratch) / "manifest.json").read_text())


@cache
def models() -> list[dict[str, Any]]:
    """Every model node of the manifest."""
    nodes = manifest()["nodes"].values()
    return [node for node in nodes if node["resource_type"] == "model"]


def layer(node: dict[str, Any]) -> str:
    """The step of the flow that a model belongs to."""
    parts = Path(node["original_file_path"]).parts
    if parts[1] == "platforms":
        return "staging" if node["name"].startswith("stg_") else "conform"
    return "staging" if parts[1] == "staging" else parts[2]


@cache
def tracked_files() -> list[Path]:
    """Files under version control; skips the test without a repository."""
    result = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        pytest.skip("not a git checkout")
    return [
        ROOT / name
        for name in result.stdout.split("\0")
        if name and ((ROOT / name).is_file() or (ROOT / name).is_symlink())
    ]
