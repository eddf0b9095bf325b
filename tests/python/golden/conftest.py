"""Samples loaded and built once per test session through the real command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from golden_sample import AS_OF, REPOSITORY, BuiltSample


def _run(name: str, folder: Path, field_map: str | None) -> None:
    command = [
        sys.executable, "-m", "pipelines", "run",
        "--extracts", f"samples/{name}", "--as-of", AS_OF,
    ]  # fmt: skip
    if field_map:
        command += ["--field-map", field_map]
    environment = os.environ | {"WAREHOUSE_DIR": str(folder)}
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    (folder / "output.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    if done.returncode != 0:
        pytest.fail(
            f"`{' '.join(command[1:])}` ended with exit code {done.returncode}:\n"
            f"{(done.stdout + done.stderr)[-6000:]}",
            pytrace=False,
        )


@pytest.fixture(scope="session")
def build_sample(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., BuiltSample]:
    """Builds a sample by name once, also when several pytest workers ask for it."""
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent

    def build(name: str, field_map: str | None = None) -> BuiltSample:
        folder = base / f"sample_{name}"
        with FileLock(base / f"sample_{name}.lock"):
            if not (folder / "done").exists():
                folder.mkdir(exist_ok=True)
                _run(name, folder, field_map)
                (folder / "done").touch()
        return BuiltSample(name, folder, (folder / "output.txt").read_text(encoding="utf-8"))

    return build


@pytest.fixture(scope="session")
def worked_example(build_sample: Callable[..., BuiltSample]) -> BuiltSample:
    """The worked example of the specification, built."""
    return build_sample("worked_example")


@pytest.fixture(scope="session")
def business_central(build_sample: Callable[..., BuiltSample]) -> BuiltSample:
    """The Business Central sample with its own field map, built."""
    return build_sample("business_central", "samples/business_central/field_map")
