"""Publishing: only after a green build, only tables, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.publish import publish, published_manifest, published_marts
from pipelines.settings import BuildError, InputError, Warehouse

MARTS = """
create schema cards;
create schema onboarding;
create table cards.card_values as
    select 'headline' as card_id, 17 as value, date '2026-04-12' as as_of_date;
create view cards.card_view as from cards.card_values;
create table onboarding.onboarding_worklist as select 'Wholesale-X' as customer_name;
create table cards.inner_step as select 1 as x;
"""


def node(name: str, schema: str, **settings: Any) -> dict[str, Any]:
    config = {"materialized": "table", "enabled": True, "meta": {}} | settings
    access = config.pop("access", "public")
    return {
        "name": name,
        "alias": name,
        "schema": schema,
        "resource_type": "model",
        "access": access,
        "description": "One row.",
        "config": config,
    }


def write_build(
    target: Warehouse, statuses: dict[str, str] | None = None, **arguments: object
) -> None:
    """What dbt leaves behind: the warehouse and two artefacts."""
    nodes = {
        "model.card_values": node("card_values", "cards", meta={"contains_personal_data": False}),
        "model.card_view": node("card_view", "cards", materialized="view"),
        "model.onboarding_worklist": node("onboarding_worklist", "onboarding"),
        "model.inner_step": node("inner_step", "cards", access="private"),
        "test.some_test": {
            "name": "some_test",
            "resource_type": "test",
            "description": "Mend the seed.",
            "config": {"severity": "error"},
        },
    }
    results = [
        {"unique_id": name, "status": status, "failures": 3, "message": "Got 3 results"}
        for name, status in ({"model.card_values": "success"} | (statuses or {})).items()
    ]
    target.target.mkdir(parents=True, exist_ok=True)
    (target.target / "manifest.json").write_text(json.dumps({"nodes": nodes}))
    (target.target / "run_results.json").write_text(
        json.dumps(
            {
                "metadata": {"invocation_id": "run-1", "generated_at": "2026-04-12T08:00:00Z"},
                "args": {"which": "build", "vars": {"as_of": "2026-04-12"}} | arguments,
                "results": results,
            }
        )
    )


@pytest.fixture
def target(tmp_path: Path) -> Warehouse:
    target = Warehouse(tmp_path / "warehouse")
    target.root.mkdir()
    with duckdb.connect(str(target.marts)) as con:
        con.execute(MARTS)
    write_build(target)
    return target


def tables(target: Warehouse) -> list[tuple[str, str, str]]:
    with duckdb.connect(str(published_marts(target)), read_only=True) as con:
        return con.execute(
            "select table_schema, table_name, table_type from information_schema.tables order by all"
        ).fetchall()


def test_public_tables_are_published_apart_by_personal_data(target: Warehouse) -> None:
    manifest = publish(target, "fingerprint")
    assert tables(target) == [
        ("cards", "card_values", "BASE TABLE"),
        ("worklist", "onboarding_worklist", "BASE TABLE"),
    ]
    assert manifest == json.loads(published_manifest(target).read_text())
    assert manifest["run_id"] == "run-1"
    assert manifest["as_of"] == "2026-04-12"
    assert manifest["fingerprint"] == "fingerprint"
    assert manifest["row_counts"] == {"cards.card_values": 1, "worklist.onboarding_worklist": 1}


def test_only_the_two_files_are_left(target: Warehouse) -> None:
    publish(target)
    assert {path.name for path in target.published.iterdir()} == {"marts.duckdb", "manifest.json"}


def test_file_is_readable_by_older_versions(target: Warehouse) -> None:
    publish(target)
    with duckdb.connect() as con:
        con.execute(f"attach '{published_marts(target)}' as marts (read_only)")
        tags = con.execute("select tags from duckdb_databases() where database_name = 'marts'")
        assert "v1.2.0" in str(tags.fetchone())


@pytest.mark.parametrize("status", ["error", "fail", "runtime error"])
def test_red_build_publishes_nothing_and_says_what_to_do(target: Warehouse, status: str) -> None:
    publish(target)
    before = published_marts(target).stat().st_mtime_ns
    write_build(target, {"test.some_test": status})
    with pytest.raises(BuildError, match=r"some_test \(3 rows\): Mend the seed."):
        publish(target)
    assert published_marts(target).stat().st_mtime_ns == before


def test_warning_does_not_stop_it(target: Warehouse) -> None:
    write_build(target, {"test.some_test": "warn"})
    publish(target)


@pytest.mark.parametrize(
    "arguments",
    [{"which": "run"}, {"select": ["card_values"]}, {"exclude": ["x"]}, {"empty": True}],
)
def test_what_is_no_whole_build_is_not_published(
    target: Warehouse, arguments: dict[str, object]
) -> None:
    write_build(target, **arguments)
    with pytest.raises(BuildError, match="no whole build"):
        publish(target)
    assert not published_marts(target).exists()


def test_nothing_was_built(target: Warehouse) -> None:
    (target.target / "run_results.json").unlink()
    with pytest.raises(InputError, match="nothing was built here yet"):
        publish(target)


def test_failure_in_the_middle_keeps_the_published_file(target: Warehouse) -> None:
    publish(target)
    before = published_marts(target).read_bytes()
    with duckdb.connect(str(target.marts)) as con:
        con.execute("drop table onboarding.onboarding_worklist")
    with pytest.raises(duckdb.Error):
        publish(target)
    assert published_marts(target).read_bytes() == before
