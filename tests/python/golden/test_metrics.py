"""Every card number equals its metric (docs/metrics.md), in both samples."""

from __future__ import annotations

import csv
import datetime as dt
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from golden_sample import AS_OF, REPOSITORY, BuiltSample
from metric_queries import Metrics

HEADLINE = "ecom_customers_absent_from_d365_customer_master"
SAMPLES = ["worked_example", "business_central"]
PROJECT = ["dbt_project.yml", "profiles.yml", "models", "macros", "seeds", "tests"]


@pytest.fixture(params=SAMPLES)
def sample(request: pytest.FixtureRequest) -> BuiltSample:
    return request.getfixturevalue(request.param)


def card_numbers(sample: BuiltSample) -> dict[tuple[str, str], object]:
    """(card id, column) → number, of every enabled card."""
    rows = sample.rows("from cards.card_values")
    return {(row["card_id"], name): number for row in rows for name, number in row.items()}


def test_every_number_of_a_card_is_its_metric(sample: BuiltSample) -> None:
    """Value, segments, amount; empty where the card has no number."""
    metrics = Metrics(sample.folder)
    meta = metrics.meta()
    (counted,) = metrics.query(sorted(meta))
    numbers = card_numbers(sample)
    shown = {name: numbers[(of["card_id"], of["card_column"])] for name, of in meta.items()}
    assert counted == shown


def test_the_metrics_of_the_headline(worked_example: BuiltSample) -> None:
    (counted,) = Metrics(worked_example.folder).query(
        ["absent_customers", "absent_customers_b2b", "absent_customers_dtc", "blocked_value"]
    )
    assert [float(number) for number in counted.values()] == [17, 6, 11, 61200]


def test_a_metric_without_its_source_is_empty(business_central: BuiltSample) -> None:
    """Without Dataverse the card is not_available and the metric empty, not 0."""
    (counted,) = Metrics(business_central.folder).query(["dataverse_not_promoted"])
    assert counted == {"dataverse_not_promoted": None}


def test_the_time_of_a_metric_is_the_as_of_date(worked_example: BuiltSample) -> None:
    rows = Metrics(worked_example.folder).query(["absent_customers"], ["metric_time"])
    assert [tuple(row.values()) for row in rows] == [(dt.datetime.fromisoformat(AS_OF), 17)]


GROUPINGS = [
    ("absent_customers", "card_row__segment_code", f"card_{HEADLINE}", "segment_code"),
    (
        "orders_without_sales_order",
        "order__reason",
        "card_commerce_orders_without_business_central_sales_order",
        "reason",
    ),
    (
        "orders_without_sales_order",
        "order__platform",
        "card_commerce_orders_without_business_central_sales_order",
        "platform",
    ),
    (
        "dataverse_not_promoted",
        "dataverse_customer__eligibility_reason",
        "card_customers_in_dataverse_not_promoted_to_d365",
        "eligibility_reason",
    ),
    (
        "flow_failures",
        "flow_run__is_first_attempt",
        "card_power_automate_flow_failures",
        "is_first_attempt",
    ),
]


@pytest.mark.parametrize(
    ("metric", "group_by", "card", "column"), GROUPINGS, ids=[f"{g[0]}-{g[1]}" for g in GROUPINGS]
)
def test_a_metric_by_group_counts_the_rows_of_its_card(
    worked_example: BuiltSample, metric: str, group_by: str, card: str, column: str
) -> None:
    grouped = Metrics(worked_example.folder).query([metric], [group_by])
    found = {row[group_by]: row[metric] for row in grouped}
    rows = worked_example.rows(f"select {column}, count(*) as n from cards.{card} group by 1")
    assert rows and found == {row[column]: row["n"] for row in rows}


@pytest.fixture(scope="module")
def copied_project(worked_example: BuiltSample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as links, with a copy of the built sample and last week's headline."""
    project = tmp_path_factory.mktemp("metrics")
    for name in PROJECT:
        (project / name).symlink_to(REPOSITORY / name)
    shutil.copytree(worked_example.folder / "target", project / "target")
    shutil.copy(worked_example.folder / "warehouse.duckdb", project)
    shutil.copy(worked_example.folder / "raw.duckdb", project)
    shutil.copy(worked_example.folder / "memory.duckdb", project)
    with duckdb.connect(str(project / "warehouse.duckdb")) as connection:
        connection.execute(
            "insert into cards.card_history by name select * replace ("
            "as_of_date - 7 as as_of_date, 15 as value) from cards.card_history "
            f"where card_id = '{HEADLINE}' and as_of_date = '{AS_OF}'"
        )
    return project


def mf(project: Path, *arguments: str) -> None:
    """The command of docs/metrics.md in a separate process."""
    command = [str(Path(sys.executable).with_name("mf")), *arguments]
    environment = os.environ | {"WAREHOUSE_DIR": str(project)}
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_trend_reads_what_the_card_said(copied_project: Path) -> None:
    rows = Metrics(copied_project).query(
        ["absent_customers_by_day", "absent_customers_change_in_7_days"], ["metric_time"]
    )
    said = {row["metric_time__day"].date().isoformat(): tuple(row.values())[1:] for row in rows}
    assert said["2026-04-05"] == (15, None)
    assert said[AS_OF] == (17, 2)


def test_the_command_of_the_guide(copied_project: Path) -> None:
    """`mf query` gives the card value and releases the warehouse for the next build."""
    output = copied_project / "absent.csv"
    mf(copied_project, "query", "--metrics", "absent_customers,blocked_value", "--csv", str(output))
    with output.open(newline="") as file:
        (row,) = list(csv.DictReader(file))
    assert [float(row["absent_customers"]), float(row["blocked_value"])] == [17, 61200]
    duckdb.connect(str(copied_project / "warehouse.duckdb")).close()  # a lock would raise here


def test_the_semantic_models_are_valid_in_the_warehouse(copied_project: Path) -> None:
    mf(copied_project, "validate-configs")
