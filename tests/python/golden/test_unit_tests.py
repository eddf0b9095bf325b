"""Every dbt unit test passes (the daily run builds only models and data tests)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from golden_sample import REPOSITORY, BuiltSample


def test_every_unit_test_passes(build_sample: Callable[..., BuiltSample], tmp_path: Path) -> None:
    sample = build_sample("worked_example")
    for name in ("raw.duckdb", "memory.duckdb", "warehouse.duckdb"):
        shutil.copyfile(sample.folder / name, tmp_path / name)
    target = tmp_path / "target"
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")), "--quiet", "test", "--resource-type", "unit_test",
            "--target-path", str(target), "--log-path", str(tmp_path / "logs"),
        ],
        cwd=REPOSITORY, env=os.environ | {"WAREHOUSE_DIR": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
    declared = json.loads((target / "manifest.json").read_text("utf-8"))["unit_tests"]
    results = json.loads((target / "run_results.json").read_text("utf-8"))["results"]
    assert declared
    assert set(declared) <= {row["unique_id"] for row in results}
