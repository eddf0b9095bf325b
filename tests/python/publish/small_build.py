"""A warehouse of three small marts after a green dbt build, and readers of the published set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from pipelines.settings import Warehouse

MARTS = """
create schema cards;
create schema core;
create schema onboarding;
create table cards.card_values as select
    'headline' as card_id, 17::bigint as value, date '2026-04-12' as as_of_date,
    timestamp '2026-04-13 04:00' as as_of_at, 'alert' as state,
    null::varchar as state_reason, 'trace-17' as trace_id;
create view cards.card_view as from cards.card_values;
create table core.fct_master_guard as select
    'ustr' as legal_entity_id, 'd365_fo' as source_name, 'ok' as guard_state, 134::bigint as row_count,
    null::varchar as guard_reason;
create table onboarding.onboarding_worklist as
    select range as worklist_rank, 'Wholesale-X' as customer_name, 18400.00::decimal(18, 2) as blocked
    from range(3);
create table cards.inner_step as select 1 as x;
"""
FREE = {"contains_personal_data": False}


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
        "columns": {"value": {"description": "What it's worth."}},
        "config": config,
    }


def write_build(
    target: Warehouse,
    statuses: dict[str, str] | None = None,
    more: dict[str, Any] | None = None,
    **arguments: object,
) -> None:
    """The two artefacts of a dbt build; `more` are additional nodes."""
    nodes = (more or {}) | {
        "model.card_values": node("card_values", "cards", meta=FREE),
        "model.card_view": node("card_view", "cards", materialized="view"),
        "model.fct_master_guard": node("fct_master_guard", "core", meta=FREE),
        "model.onboarding_worklist": node("onboarding_worklist", "onboarding"),
        "model.inner_step": node("inner_step", "cards", access="private"),
        "test.some_test": {
            "name": "some_test",
            "resource_type": "test",
            "description": "Fix the seed.",
            "config": {"severity": "error"},
        },
        "test.key_test": {
            "name": "key_test",
            "resource_type": "test",
            "description": "",
            "depends_on": {"macros": ["macro.test_key"]},
            "config": {"severity": "error"},
        },
    }
    macros = {"macro.test_key": {"description": "Keep one of the rows."}}
    results = [
        {"unique_id": name, "status": status, "failures": 3, "message": "Got 3 results"}
        for name, status in ({"model.card_values": "success"} | (statuses or {})).items()
    ]
    target.target.mkdir(parents=True, exist_ok=True)
    (target.target / "manifest.json").write_text(json.dumps({"nodes": nodes, "macros": macros}))
    (target.target / "run_results.json").write_text(
        json.dumps(
            {
                "metadata": {"invocation_id": "run-1", "generated_at": "2026-04-12T08:00:00Z"},
                "args": {"which": "build", "vars": {"as_of": "2026-04-12"}} | arguments,
                "results": results,
            }
        )
    )


def change(target: Warehouse, *statements: str) -> None:
    """Changes of the next build in the warehouse."""
    with duckdb.connect(str(target.marts)) as con:
        for statement in statements:
            con.execute(statement)


def set_value(target: Warehouse, value: int) -> None:
    """The next build: this card value, and as many rows in the worklist."""
    change(
        target,
        f"update cards.card_values set value = {value}, trace_id = 'trace-{value}'",
        "create or replace table onboarding.onboarding_worklist as "
        f"select range as worklist_rank, 'Wholesale-X' as customer_name from range({value})",
    )


def headline(folder: Path) -> int:
    """The card value in the marts.duckdb of a folder."""
    with duckdb.connect(str(folder / "marts.duckdb"), read_only=True) as con:
        return con.execute("select value from cards.card_values").fetchone()[0]


def values_of(folder: Path) -> set[int]:
    """The card value from every file of a set: one value if the set is consistent."""
    manifest = json.loads((folder / "manifest.json").read_text())
    parquet = folder / "parquet"
    with duckdb.connect() as con:
        con.execute(f"attach '{folder / 'marts.duckdb'}' as marts (read_only)")
        sql = f"""
            select value from marts.cards.card_values
            union select count(*) from marts.worklist.onboarding_worklist
            union select value from '{parquet}/cards/card_values.parquet'
            union select count(*) from '{parquet}/worklist/onboarding_worklist.parquet'
        """
        found = {value for (value,) in con.execute(sql).fetchall()}
    rows = manifest["row_counts"]["worklist.onboarding_worklist"]
    return found | {rows, manifest["cards"][0]["value"]}
