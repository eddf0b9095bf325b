"""The deploy gate on a small dbt project, with the profile of this one and a real dbt."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines.commands.dbt import DBT
from pipelines.commands.gate import is_of_published_build, published_vars, run_gate
from pipelines.publish.memory import remember
from pipelines.publish.sets import begin_set, finish_set, published_place, switch
from pipelines.settings import PROJECT, BuildError, InputError, Warehouse

INSTANT = "2026-04-12T15:00:00.000000Z"
MODELS = {
    "customers": "select 1 as customer_id",
    "orders": "select customer_id, 'old' as label from {{ ref('customers') }}",
    "order_counts": "select count(*) as order_count, max(label) as label from {{ ref('orders') }}",
    "flows": "select 1 as flow_id",
}
TESTS = """
models:
  - name: order_counts
    columns:
      - name: order_count
        data_tests: [not_null]
"""


def write_project(folder: Path) -> None:
    (folder / "models").mkdir(parents=True)
    for name, sql in MODELS.items():
        (folder / "models" / f"{name}.sql").write_text(sql)
    (folder / "models" / "models.yml").write_text(TESTS)
    settings = {
        "name": "small",
        "profile": "customer_coverage",
        "models": {"+materialized": "table"},
    }
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(settings))
    shutil.copy(PROJECT / "profiles.yml", folder)


def build_production(project: Path, production: Warehouse) -> None:
    """A green build and its set with the dbt manifest."""
    production.root.mkdir()
    duckdb.connect(str(production.raw)).close()
    remember(production)
    command = [
        *(sys.executable, "-c", DBT, "--quiet", "build"),
        *("--project-dir", project, "--profiles-dir", project),
        *("--target-path", production.target, "--log-path", production.logs),
    ]
    subprocess.run(
        command,
        env=os.environ | {"WAREHOUSE_DIR": str(production.root)},
        cwd=project,
        check=True,
    )
    place = published_place(production)
    folder = begin_set(place, "run-1")
    (folder / "dbt").mkdir()
    duckdb.connect(str(folder / "marts.duckdb")).close()
    shutil.copy(production.target / "manifest.json", folder / "dbt")
    results = json.loads((production.target / "run_results.json").read_text())
    manifest = {
        "run_id": results["metadata"]["invocation_id"],
        "cards": [{"as_of_at": INSTANT}],
        "vars": {"label": "as published"},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    switch(place, finish_set(folder))


def tables(path: Path) -> set[str]:
    with duckdb.connect(str(path), read_only=True) as con:
        return {
            name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()
        }


def test_only_what_changed_is_built_on_the_tables_of_production(tmp_path: Path) -> None:
    project, work = tmp_path / "project", tmp_path / "work"
    production = Warehouse(tmp_path / "production")
    write_project(project)
    build_production(project, production)
    with duckdb.connect(str(production.marts)) as con:
        con.execute("update customers set customer_id = 42")
    before = production.marts.read_bytes()

    changed = 'select customer_id, \'{{ var("label") }} {{ env_var("DBT_ENV_CUSTOM_ENV_AS_OF") }}\' as label'
    (project / "models/orders.sql").write_text(f"{changed} from {{{{ ref('customers') }}}}")
    assert run_gate(production, work, project=project)
    assert tables(work / "gate.duckdb") == {"orders", "order_counts"}
    with duckdb.connect(str(work / "gate.duckdb"), read_only=True) as con:
        assert con.execute("from orders").fetchall() == [(42, f"as published {INSTANT}")]

    (project / "models/orders.sql").write_text("select no_such_column from {{ ref('customers') }}")
    assert not run_gate(production, work, project=project)
    assert tables(work / "gate.duckdb") == set()
    assert production.marts.read_bytes() == before
    assert is_of_published_build(production)


def test_published_vars_and_its_instant(tmp_path: Path) -> None:
    manifest = {"cards": [{"as_of_at": INSTANT}], "vars": {"as_of": "2026-04-12"}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    assert published_vars(tmp_path) == {"as_of": "2026-04-12"}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"vars": {}}))
    assert published_vars(tmp_path) == {"as_of": INSTANT}
    once = {"accept_master_shrink": True, "reporting_currency": "EUR"}
    (tmp_path / "manifest.json").write_text(json.dumps({"vars": once}))
    assert published_vars(tmp_path) == {"reporting_currency": "EUR"}


def write_production(tmp_path: Path) -> Warehouse:
    """The files the gate needs, empty."""
    production = Warehouse(tmp_path / "production")
    production.target.mkdir(parents=True)
    folder = begin_set(published_place(production), "run-1")
    (folder / "dbt").mkdir()
    duckdb.connect(str(folder / "marts.duckdb")).close()
    (folder / "dbt/manifest.json").write_text("{}")
    (folder / "manifest.json").write_text(json.dumps({"run_id": "run-1"}))
    switch(published_place(production), finish_set(folder))
    duckdb.connect(str(production.marts)).close()
    production.raw.touch()
    return production


@pytest.mark.parametrize("name", ["warehouse.duckdb", "raw.duckdb", "published/current"])
def test_what_is_missing_of_production_is_named(tmp_path: Path, name: str) -> None:
    production = write_production(tmp_path)
    (production.root / name).unlink()
    word = "published set" if name == "published/current" else name
    with pytest.raises(InputError, match=f"{word} is missing; give the warehouse folder"):
        run_gate(production, tmp_path / "work")


def test_another_build_than_the_published_one_is_known(tmp_path: Path) -> None:
    production = write_production(tmp_path)
    results = production.target / "run_results.json"
    for run_id in ("run-1", "run-2"):
        results.write_text(json.dumps({"metadata": {"invocation_id": run_id}}))
        assert is_of_published_build(production) == (run_id == "run-1")


def test_dbt_that_does_not_come_to_its_end_opens_no_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.commands.dbt.exit_code", lambda *_: (2, []))
    with pytest.raises(BuildError, match="exit code 2"):
        run_gate(write_production(tmp_path), tmp_path / "work")
