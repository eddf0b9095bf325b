"""The same input gives the same output: any order of files and rows, 1, 2 and 8 threads, resumed or
not, on the pinned DuckDB and on the newest."""

from __future__ import annotations

import gzip
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from golden_sample import BuiltSample
from machine_room import Room, only_whole
from test_killed import raw_rows

from pipelines.settings import PROJECT, Warehouse
from tests.python.golden.conftest import build_sample, worked_example

__all__ = ["build_sample", "worked_example"]
Record = Callable[[str, Any], None]
SAMPLE = PROJECT / "samples" / "worked_example"
OF_THE_RUN = {"measured_at", "checked_at", "read_at", "load_id", "as_of_at", "run_id"}
OTHER_DUCKDB = "duckdb==2.0.1"
BY_PLACE = ("_source_file", "_record_number")


def shuffled(folder: Path, seed: int) -> None:
    """The sample in another order: rows, parts, zipped or not, files written in another order."""
    dice = random.Random(seed)
    files = sorted(SAMPLE.glob("*/*/*.jsonl"))
    dice.shuffle(files)
    for file in files:
        lines = file.read_text("utf-8").splitlines()
        dice.shuffle(lines)
        place = folder / file.parent.relative_to(SAMPLE)
        place.mkdir(parents=True, exist_ok=True)
        count = min(dice.randrange(1, 4), max(1, len(lines)))
        numbers = dice.sample(range(1, 9000), count)
        for part, number in enumerate(numbers):
            text = "".join(f"{line}\n" for line in lines[part::count]).encode()
            name = f"{file.stem}.part-{number:04}.jsonl" if count > 1 else file.name
            is_zipped = dice.random() < 0.3
            path = place / (f"{name}.gz" if is_zipped else name)
            path.write_bytes(gzip.compress(text) if is_zipped else text)


def rows_of(target: Warehouse) -> dict[str, list[str]]:
    """Raw rows without their place in a file."""
    found = raw_rows(target)
    with duckdb.connect(str(target.raw), read_only=True) as con:
        content = {}
        for name in found.keys() - {"files", "rejects"}:
            rows = con.execute(
                f"select * exclude (_dlt_load_id, {', '.join(BY_PLACE)}) from {name}"
            )
            content[name] = sorted(map(repr, rows.fetchall()))
    return content


def test_order_of_files_and_rows(
    tmp_path: Path, tries: Callable[[int, int], int], record_property: Record
) -> None:
    clean = Room(Warehouse(tmp_path / "clean"))
    assert clean.run("load", "extracts", str(SAMPLE)).code == 0
    wanted, count = rows_of(clean.target), tries(12, 1)
    record_property("tried", count)
    for seed in range(count):
        shuffled(tmp_path / f"order-{seed}", seed)
        room = Room(Warehouse(tmp_path / f"warehouse-{seed}"))
        command = ("load", "extracts", str(tmp_path / f"order-{seed}"))
        if seed % 2:
            room.kill(*command, after=2.0 + seed / 3)  # resumed
        assert room.run(*command).code == 0
        assert rows_of(room.target) == wanted


def built(target: Warehouse, threads: int) -> dict[str, str]:
    """Cards and worklist as text after a dbt build, without what is of the run."""
    variables = {"WAREHOUSE_DIR": str(target.root), "DBT_ENV_CUSTOM_ENV_AS_OF": "2026-04-12"}
    command = [
        *(
            str(Path(sys.executable).with_name("dbt")),
            "--quiet",
            "build",
            "--threads",
            str(threads),
        ),
        *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
        *("--target-path", str(target.target), "--log-path", str(target.logs)),
    ]
    done = subprocess.run(
        command,
        cwd=PROJECT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    content = {}
    with duckdb.connect(str(target.marts), read_only=True) as con:
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name in"
            " ('cards', 'core', 'onboarding') order by all"
        ).fetchall()
        for schema, name in tables:
            given = con.execute(f"select * from {schema}.{name} limit 0").description
            columns = [f'"{one[0]}"' for one in given if one[0] not in OF_THE_RUN]
            rows = con.execute(f"select {', '.join(columns)} from {schema}.{name} order by all")
            content[f"{schema}.{name}"] = repr(rows.fetchall())
    return content


@only_whole
def test_threads(request: pytest.FixtureRequest, tmp_path: Path, record_property: Record) -> None:
    sample: BuiltSample = request.getfixturevalue("worked_example")
    shutil.copytree(sample.folder, tmp_path / "warehouse", symlinks=True)
    target = Warehouse(tmp_path / "warehouse")
    wanted = built(target, 2)
    record_property("tried", 3)
    for threads in (1, 8):
        assert built(target, threads) == wanted, threads
    target.raw.unlink()
    shuffled(tmp_path / "extracts", 99)
    assert Room(target).run("load", "extracts", str(tmp_path / "extracts")).code == 0
    again = built(target, 8)
    # the second load of a master is a row of its history, and the guard compares with the first
    assert [
        name
        for name in wanted
        if again[name] != wanted[name] and not name.startswith("core.fct_master_")
    ] == []


def published(folder: Path) -> dict[str, str]:
    """The rows of every published Parquet file as text, without what is of the run."""
    content = {}
    for file in sorted((folder / "published" / "parquet").rglob("*.parquet")):
        rows = duckdb.sql(f"from read_parquet('{file}')")
        columns = [f'"{name}"' for name in rows.columns if name not in OF_THE_RUN]
        content[file.stem] = repr(rows.select(", ".join(columns)).order("all").fetchall())
    return content


@only_whole
def test_other_duckdb(
    request: pytest.FixtureRequest, tmp_path: Path, record_property: Record
) -> None:
    """Its files cannot be read by the pinned one, so the Parquet files are compared."""
    sample: BuiltSample = request.getfixturevalue("worked_example")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    install = [Path(sys.executable).with_name("uv"), "pip", "install", "--quiet", "--no-deps"]
    for what in (["-r", "requirements.txt"], [OTHER_DUCKDB]):
        subprocess.run([*install, "--python", python, *what], cwd=PROJECT, check=True)
    (tmp_path / "published").mkdir()
    shutil.copy(sample.folder / "published" / "salt", tmp_path / "published")
    command = [python, "-m", "pipelines", "run", "--extracts", SAMPLE, "--as-of", "2026-04-12"]
    environment = os.environ | {"WAREHOUSE_DIR": str(tmp_path)}
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    wanted, found = published(sample.folder), published(tmp_path)
    record_property("tried", len(wanted))
    assert found.keys() == wanted.keys()
    assert [name for name in wanted if found[name] != wanted[name]] == []
