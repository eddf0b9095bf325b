"""Samples loaded from the APIs give the same marts as samples loaded from files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from golden_sample import AS_OF, REPOSITORY, BuiltSample

from pipelines.commands.field_map import prepare_field_map, seed_path
from pipelines.load import live
from pipelines.publish.memory import remember
from pipelines.settings import Warehouse
from pipelines.sources.http import RetryPolicy
from pipelines.sources.tables import BY_NAME
from tests.python.live.sample_world import serve_folder
from tests.python.live.serving import configuring, only_this_machine, serving

SAMPLES = REPOSITORY / "samples"
PUBLIC = ("core", "cards", "onboarding")
# load and run metadata; everything else must be equal
NOT_COMPARED = {"load_id", "read_at", "checked_at", "measured_at"}
FIELD_MAPS = {"worked_example": None, "business_central": "samples/business_central/field_map"}
RELATIONS = """
select table_schema || '.' || table_name, list(column_name order by ordinal_position)
from information_schema.columns
where table_catalog = $database and list_contains($schemas, table_schema)
group by all
order by all"""


def build(target: Warehouse, seeds: Path) -> None:
    """dbt builds all models from the raw tables; the data tests ran on the file load."""
    command = [
        *(sys.executable, "-c", "from dbt.cli.main import cli; cli()", "build"),
        *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
        *("--project-dir", str(REPOSITORY), "--profiles-dir", str(REPOSITORY)),
        *("--target-path", str(target.target), "--log-path", str(target.logs)),
        *("--vars", json.dumps({"as_of": AS_OF})),
    ]
    places = {"WAREHOUSE_DIR": str(target.root), "FIELD_MAP_DIR": seed_path(seeds)}
    done = subprocess.run(
        command,
        cwd=REPOSITORY,
        env=os.environ | places,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]


def differences(expected: Path, found: Path) -> list[str]:
    """One message per relation with different rows, with an example."""
    problems = []
    with duckdb.connect() as connection:
        for name, path in (("expected", expected), ("found", found)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        relations = {
            name: connection.execute(
                RELATIONS, {"database": name, "schemas": list(PUBLIC)}
            ).fetchall()
            for name in ("expected", "found")
        }
        assert relations["expected"] == relations["found"]
        assert len(relations["found"]) > 50, "the marts are not there"
        for relation, columns in relations["found"]:
            names = ", ".join(f'"{name}"' for name in columns if name not in NOT_COMPARED)
            for left, right in (("expected", "found"), ("found", "expected")):
                rows = connection.execute(
                    f"select {names} from {left}.{relation}"
                    f" except all select {names} from {right}.{relation}"
                ).fetchall()
                if rows:
                    problems.append(f"{relation}: {len(rows)} rows only {left}, e.g. {rows[0]}")
    return problems


def test_the_samples_hold_every_resource() -> None:
    """So the comparison below covers every resource."""
    files = [path for name in FIELD_MAPS for path in (SAMPLES / name).glob("*/*/*.jsonl")]
    assert {(path.parent.parent.name, path.stem) for path in files} == set(BY_NAME)


@pytest.mark.parametrize("name", FIELD_MAPS)
def test_api_and_extracts_give_the_same_marts(
    name: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from_files: BuiltSample = request.getfixturevalue(name)
    target = Warehouse(tmp_path / "warehouse")
    field_map = FIELD_MAPS[name]
    seeds = prepare_field_map(target, REPOSITORY / field_map if field_map else None)
    only_this_machine(monkeypatch)
    monkeypatch.setenv("WAREHOUSE_DIR", str(target.root))
    with serving() as serve:
        served = serve_folder(SAMPLES / name, serve, configuring(monkeypatch))
        policy = RetryPolicy(sleep=lambda _: None)
        outcomes = live.load_sources(live.SOURCES, False, target, policy, echo=lambda _: None)
    assert {o.outcome for o in outcomes} == {"loaded"}, outcomes
    fetched: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        fetched[outcome.source, outcome.resource] += outcome.rows
    assert +fetched == served
    target.published.mkdir()
    shutil.copy(from_files.folder / "published" / "salt", target.published)  # the same customer ids
    remember(target)
    build(target, seeds)
    problems = differences(from_files.folder / "warehouse.duckdb", target.marts)
    assert not problems, "\n".join([f"{name}: marts differ", *problems])
