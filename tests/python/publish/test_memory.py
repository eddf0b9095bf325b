"""The memory contains only what was published, and is recreated if lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from small_build import FREE, change, node, write_build
from test_sets import KILLED, KILLER

from pipelines.publish.memory import TABLES, remember, remember_backfilled
from pipelines.publish.retention import roll_back
from pipelines.publish.sets import published_place
from pipelines.publish.write import publish
from pipelines.settings import PROJECT, BuildError, InputError, Warehouse

CONTRACTS = {
    "card_history": "cards/_cards__models.yml",
    "onboarding_history": "onboarding/_history__models.yml",
    "fct_master_loads": "core/_core__models.yml",
}
KINDS = {"string": "varchar", "int": "integer"}
HISTORIES = {
    "model.card_history": node("card_history", "cards", meta=FREE),
    "model.fct_master_loads": node("fct_master_loads", "core", meta=FREE),
    "model.onboarding_history": node("onboarding_history", "onboarding"),
}
DBT_VARS = {"as_of": "2026-04-12", "reporting_timezone": "America/New_York"}


def rows(file: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as con:
        return con.execute(sql).fetchall()


def said(target: Warehouse) -> list[int]:
    """The values in the memory."""
    return [value for (value,) in rows(target.memory, "select value from card_history order by 1")]


def build(target: Warehouse, *values: int, statuses: dict[str, str] | None = None) -> None:
    """The next build, with these values in its histories."""
    columns = {name: columns for name, (_, _, columns) in TABLES.items()}
    listed = ", ".join(f"({value})" for value in values)
    change(
        target,
        f"create or replace table cards.card_history ({columns['card_history']})",
        f"insert into cards.card_history (value) values {listed}",
        f"create or replace table core.fct_master_loads ({columns['master_loads']})",
        f"insert into core.fct_master_loads (row_count) values {listed}",
        f"create or replace table onboarding.onboarding_history ({columns['onboarding_history']})",
    )
    write_build(target, statuses, HISTORIES, vars=DBT_VARS)


def publish_build(target: Warehouse, *values: int) -> Path:
    build(target, *values)
    publish(target)
    folder = published_place(target).current
    assert folder is not None
    return folder


def test_the_columns_are_those_of_the_marts_in_their_order() -> None:
    """dbt puts remembered and new rows together by position."""
    for _, (place, _, columns) in TABLES.items():
        name = place.split(".")[1]
        text = (PROJECT / "models/marts" / CONTRACTS[name]).read_text("utf-8")
        contract = next(one for one in yaml.safe_load(text)["models"] if one["name"] == name)
        declared = [
            f"{column['name']} {KINDS.get(column['data_type'], column['data_type'])}"
            for column in contract["columns"]
        ]
        assert " ".join(columns.split()) == ", ".join(declared)


def test_before_anything_is_published_it_is_empty(target: Warehouse) -> None:
    remember(target)
    assert said(target) == []
    build(target, 1)
    remember(target)
    assert said(target) == [], "built is not published"


def test_a_publish_is_remembered(target: Warehouse) -> None:
    publish_build(target, 1)
    assert said(target) == [1]
    assert rows(target.memory, "select row_count from master_loads") == [(1,)]
    publish_build(target, 1, 2)
    assert said(target) == [1, 2]


def test_a_refused_build_leaves_no_trace(target: Warehouse) -> None:
    publish_build(target, 1)
    before = target.memory.read_bytes()
    build(target, 1, 99, statuses={"test.some_test": "fail"})
    with pytest.raises(BuildError, match="some_test"):
        publish(target)
    build(target, 1, 99)
    change(target, "update core.fct_master_guard set guard_state = 'shrunk'")
    with pytest.raises(BuildError, match="audit"):
        publish(target)
    remember(target)
    assert target.memory.read_bytes() == before


@pytest.mark.parametrize(
    "place",
    [
        ("pipelines.publish.write", "remember", "before"),
        ("pipelines.publish.memory", "sync", "before"),
        ("pipelines.publish.memory", "_is_taken", "after"),
    ],
    ids=["before", "before it is in its place", "while it is written"],
)
def test_a_kill_after_the_switch_is_repaired_by_the_next_run(
    target: Warehouse, place: tuple[str, str, str]
) -> None:
    publish_build(target, 1)
    build(target, 1, 2)
    killed = subprocess.run(
        [sys.executable, "-c", KILLER, *place, str(target.root)],
        cwd=PROJECT,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == KILLED, killed.stderr.decode()
    assert said(target) == [1]
    remember(target)
    assert said(target) == [1, 2]
    assert not list(target.root.glob("memory.duckdb.*"))


def test_a_rollback_takes_the_day_out_of_the_memory(target: Warehouse) -> None:
    first = publish_build(target, 1)
    publish_build(target, 1, 2)
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "publish", "--rollback"],
        cwd=PROJECT,
        env=os.environ | {"WAREHOUSE_DIR": str(target.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert published_place(target).current == first
    assert said(target) == [1]
    publish_build(target, 1, 3)
    assert said(target) == [1, 3]


def test_a_rollback_that_was_killed_is_remembered_by_the_next_run(target: Warehouse) -> None:
    publish_build(target, 1)
    publish_build(target, 1, 2)
    roll_back(published_place(target))
    assert said(target) == [1, 2]
    remember(target)
    assert said(target) == [1]


def test_a_set_without_personal_data_is_not_what_is_remembered(target: Warehouse) -> None:
    publish_build(target, 1)
    build(target, 1, 2)
    publish(target, has_personal_data=False)
    remember(target)
    assert said(target) == [1]


@pytest.mark.parametrize("loss", ["warehouse.duckdb", "memory.duckdb", "published"])
def test_whatever_is_lost_the_days_are_not(target: Warehouse, loss: str) -> None:
    publish_build(target, 1, 2)
    path = target.root / loss
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    remember(target)
    assert said(target) == [1, 2]


def test_a_damaged_memory_is_made_again(target: Warehouse) -> None:
    publish_build(target, 1, 2)
    target.memory.write_bytes(b"x" * 20_000)
    remember(target)
    assert said(target) == [1, 2]


@pytest.mark.parametrize(
    "damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"x")]
)
def test_a_damaged_set_is_never_taken_for_an_empty_one(target: Warehouse, damage: Any) -> None:
    folder = publish_build(target, 1, 2)
    target.memory.unlink()
    damage(folder / "marts.duckdb")
    with pytest.raises(InputError, match=r"marts.duckdb.*missing|could not be created"):
        remember(target)
    assert not target.memory.exists()


def test_an_older_layout_is_made_again_also_without_a_set(target: Warehouse) -> None:
    publish_build(target, 1, 2)
    shutil.rmtree(target.published)
    with duckdb.connect(str(target.memory)) as con:
        con.execute("update origin set layout = 'of an earlier version'")
        con.execute("alter table onboarding_history drop column subject_ids")
    remember(target)
    assert said(target) == [1, 2]
    assert rows(target.memory, "select subject_ids from onboarding_history") == []


def test_a_backfilled_date_is_seen_by_the_next_one(target: Warehouse) -> None:
    publish_build(target, 3)
    build(target, 1, 3)
    remember_backfilled(target)
    assert said(target) == [1, 3]
    assert rows(target.memory, "select row_count from master_loads") == [(3,)], (
        "a backfill does not judge its load"
    )
    remember(target)
    assert said(target) == [1, 3], "dates that were recorded before a failure stay"
    publish_build(target, 1, 3, 4)
    assert said(target) == [1, 3, 4]


EARLIER_VERSION = """
create or replace table cards.card_history as
select 'headline' as card_id, date '2026-04-10' as as_of_date, as_of_at, 'measurable' as card_condition,
    value, 1::bigint as b2b_value, 1::bigint as dtc_value, 1::decimal(18, 2) as reporting_value,
    timestamp '2026-04-20' as measured_at, true as is_backfilled
from (values (timestamp '2026-04-11 04:00', 1::bigint), (timestamp '2026-04-11 00:00', 2)) as t (as_of_at, value);
create or replace table onboarding.onboarding_history as
select as_of_date, timestamp '2026-04-11 04:00' as as_of_at, customer_id || '|us' as worklist_key, customer_id,
    'us' as destination_key, 'us' as expected_legal_entity_id, status, null::varchar as cleared_by,
    'not_created' as primary_reason, 1::decimal(18, 2) as blocked_value_reporting,
    timestamp '2026-04-20' as measured_at, true as is_backfilled
from (values
    (date '2026-04-01', 'a', 'absent'), (date '2026-04-04', 'a', 'absent'), (date '2026-04-05', 'a', 'cleared'),
    (date '2026-04-08', 'a', 'absent'), (date '2026-04-08', 'b', 'absent'), (date '2026-04-09', '(nobody)', 'nobody')
) as t (as_of_date, customer_id, status);
"""


def test_the_histories_of_an_earlier_version_are_taken_over_once(target: Warehouse) -> None:
    build(target, 1)
    change(target, *EARLIER_VERSION.strip().rstrip(";").split(";\n"))
    publish(target)
    taken = (
        "select value, is_whole_day, unrated_values, entity_values from card_history order by value"
    )
    assert rows(target.memory, taken) == [(1, True, None, None), (2, False, None, None)]
    opened = rows(
        target.memory,
        "select cast(as_of_date as varchar)[9:], status, opening_id, opening_number, subject_ids, "
        "cast(first_seen_date as varchar)[9:] from onboarding_history order by all",
    )
    assert opened == [
        ("01", "absent", "a|us|2026-04-01", 1, "a", "01"),
        ("04", "absent", "a|us|2026-04-01", 1, "a", "01"),
        ("05", "cleared", "a|us|2026-04-01", 1, "a", "01"),
        ("08", "absent", "a|us|2026-04-08", 2, "a", "08"),
        ("08", "absent", "b|us|2026-04-08", 1, "b", "08"),
        ("09", "nobody", None, None, None, None),
    ]


def test_master_loads_come_from_the_warehouse_where_the_set_lacks_them(target: Warehouse) -> None:
    folder = publish_build(target, 7)
    target.memory.unlink()
    with duckdb.connect(str(folder / "marts.duckdb")) as con:
        con.execute("drop table cards.fct_master_loads")
    remember(target)
    assert rows(target.memory, "select row_count from master_loads") == [(7,)]
    assert said(target) == [7]


def test_plain_files_of_an_earlier_version_are_taken_over(target: Warehouse) -> None:
    folder = publish_build(target, 7)
    for name in ("marts.duckdb", "manifest.json"):
        (target.published / name).unlink()
        shutil.copy(folder / name, target.published / name)
    shutil.rmtree(target.published / "sets")
    (target.published / "current").unlink()
    target.memory.unlink()
    remember(target)
    assert said(target) == [7]


# ---------------------------------------------------------------- with the real dbt and card_history
MODELS = {
    "card_measurements": """
        select 'headline' as card_id, {{ as_of_date() }} as as_of_date, {{ as_of_at() }} as as_of_at,
            'measurable' as card_condition, cast({{ var('measured') }} as bigint) as value,
            cast(0 as bigint) as b2b_value, cast(0 as bigint) as dtc_value,
            cast(null as decimal(18, 2)) as reporting_value, 'AED 5.00' as unrated_values,
            '[]' as entity_values
    """,
    "card_values": """
        select card_id, as_of_date, as_of_at, value, 'ok' as state, cast(null as string) as state_reason,
            'trace' as trace_id
        from {{ ref('card_measurements') }}
    """,
    "fct_master_guard": """
        select 'us' as legal_entity_id, 'd365_fo' as source_name, 'ok' as guard_state,
            cast(null as varchar) as guard_reason, 1 as row_count
    """,
}
REFUSED = "select 1 as wrong where {{ var('measured') }} > 90"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with the profile, the macros, the memory and the card_history of this one."""
    folder = tmp_path / "project"
    for name in ("models", "macros", "tests"):
        (folder / name).mkdir(parents=True)
    for name, sql in MODELS.items():
        (folder / "models" / f"{name}.sql").write_text(sql)
    for name in ("marts/cards/card_history.sql", "marts/_memory__sources.yml"):
        shutil.copy(PROJECT / "models" / name, folder / "models")
    for name in ("as_of.sql", "history.sql", "dialect.sql"):
        shutil.copy(PROJECT / "macros" / name, folder / "macros")
    shutil.copy(PROJECT / "profiles.yml", folder)
    (folder / "tests" / "refused.sql").write_text(REFUSED)
    models = {"+materialized": "table", "+access": "public", "+schema": "cards", "+meta": FREE}
    settings = {
        "name": "customer_coverage",
        "profile": "customer_coverage",
        "test-paths": ["tests"],
        "vars": {"reporting_timezone": "America/New_York", "backfill": False, "as_of": None},
        "models": models,
    }
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(settings))
    schema = "{% macro generate_schema_name(name, node) %}{{ name or 'main' }}{% endmacro %}"
    (folder / "macros" / "schema.sql").write_text(schema)
    return folder


def run_dbt(
    project: Path, target: Warehouse, as_of: str, measured: int, **dbt_vars: object
) -> subprocess.CompletedProcess[str]:
    remember(target)
    given = {"as_of": as_of, "measured": measured} | dbt_vars
    return subprocess.run(
        [
            *(sys.executable, "-c", "from dbt.cli.main import cli; cli()", "--quiet", "build"),
            *("--project-dir", project, "--profiles-dir", project, "--vars", yaml.safe_dump(given)),
            *("--target-path", target.target, "--log-path", target.logs),
        ],
        cwd=project,
        env=os.environ | {"WAREHOUSE_DIR": str(target.root)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_days_of_a_real_build(project: Path, tmp_path: Path) -> None:
    """A failed day, a lost warehouse, half a day, the same day in another time zone, the future."""
    target = Warehouse(tmp_path / "days")
    target.root.mkdir()
    duckdb.connect(str(target.raw)).close()

    def day(as_of: str, measured: int, **dbt_vars: object) -> list[tuple[Any, ...]]:
        done = run_dbt(project, target, as_of, measured, **dbt_vars)
        try:
            publish(target)
        except BuildError as error:
            assert "refused" in str(error), done.stdout
        sql = "select day(as_of_date), value from card_history order by all"
        return rows(target.memory, sql)

    assert day("2026-04-10T15:00:00Z", 1) == [(10, 1)]
    assert day("2026-04-10", 2) == [(10, 2)]
    assert day("2026-04-11", 99) == [(10, 2)], "refused"
    target.marts.unlink()
    assert day("2026-04-12", 3) == [(10, 2), (12, 3)]
    assert day("2026-04-12T15:00:00Z", 4) == [(10, 2), (12, 3)]
    assert day("2026-04-12", 5, reporting_timezone="Europe/Berlin") == [(10, 2), (12, 3)]
    assert day("2026-04-12", 6) == [(10, 2), (12, 6)]
    future = run_dbt(project, target, "2099-01-01", 7)
    assert future.returncode == 2 and "'2099-01-01', in the future" in future.stdout
