"""The SQL, Python and metric queries of the guides, run on the built worked example."""

from __future__ import annotations

import csv
import datetime as dt
import re
import shlex
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from golden_sample import AS_OF, REPOSITORY, BuiltSample
from metric_queries import Metrics

PUBLISHED = "data/worked_example/published"


def blocks(guide: str, language: str) -> list[str]:
    """The fenced blocks of one language in a guide."""
    text = (REPOSITORY / "docs" / guide).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


SQL = blocks("bi.md", "sql")
CONSOLE = blocks("metrics.md", "console")


def run_python(containing: str, sample: BuiltSample) -> dict[str, Any]:
    """The variables of a Python block of the guide after running it on the built sample."""
    (code,) = [block for block in blocks("bi.md", "python") if containing in block]
    names: dict[str, Any] = {}
    exec(code.replace(PUBLISHED, str(sample.folder / "published")), names)
    return names


@pytest.mark.parametrize("query", SQL, ids=range(len(SQL)))
def test_a_query_of_the_guide_finds_rows(worked_example: BuiltSample, query: str) -> None:
    assert worked_example.rows(query, "published/marts.duckdb")


def test_sqlalchemy_lists_and_reads_the_published_file(worked_example: BuiltSample) -> None:
    """Tables, columns and types (amounts decimal, dates as dates); read-only."""
    names = run_python("sqlalchemy", worked_example)
    assert "card_values" in names["tables"] and "onboarding_worklist" not in names["tables"]
    types = {name: str(names["columns"][name]) for name in ("value", "as_of_date", "as_of_at")}
    assert types == {"value": "BIGINT", "as_of_date": "DATE", "as_of_at": "TIMESTAMP"}
    assert isinstance(names["columns"]["reporting_value"], sqlalchemy.Numeric)
    headline = names["board"][0]
    assert headline.value == 17
    assert headline.reporting_value == Decimal("61200.00")
    assert headline.as_of_date == dt.date.fromisoformat(AS_OF)
    with names["engine"].connect() as connection, pytest.raises(Exception, match="read-only"):
        connection.execute(sqlalchemy.text("create table cards.mine (a int)"))


def test_the_csv_for_excel_equals_the_table(
    worked_example: BuiltSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cents, dates, times and empty values survive."""
    monkeypatch.chdir(tmp_path)
    run_python("write_csv", worked_example)
    with open("onboarding.csv", newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    rows = worked_example.rows(
        "from worklist.onboarding_worklist order by worklist_rank", "published/marts.duckdb"
    )
    assert len(lines) == len(rows) > 0
    for line, row in zip(lines, rows, strict=True):
        money, first = row["blocked_value_reporting"], row["first_order_at"]
        assert line["blocked_value_reporting"] == ("" if money is None else str(money))
        assert dt.datetime.fromisoformat(line["first_order_at"]) == first
        assert line["customer_name"] == (row["customer_name"] or "")


def test_every_published_table_and_column_has_a_description(worked_example: BuiltSample) -> None:
    """As a comment of the file and in the dictionary."""
    undescribed = """
        select schema_name, table_name, null from duckdb_tables()
        where coalesce(comment, '') = ''
        union all
        select schema_name, table_name, column_name from duckdb_columns()
        where not internal and coalesce(comment, '') = ''
        union all
        select table_schema, table_name, column_name from cards.data_dictionary
        where coalesce(description, '') = ''
    """
    assert not worked_example.rows(undescribed, "published/marts.duckdb")


def table_cells(block: str) -> list[list[str]]:
    """The rows of an output of `mf query`, without command, header and rule."""
    return [re.split(r"\s{2,}", line.strip()) for line in block.strip().splitlines()[3:]]


@pytest.mark.parametrize("block", CONSOLE, ids=range(len(CONSOLE)))
def test_a_metric_query_of_the_guide_gives_its_output(
    worked_example: BuiltSample, block: str
) -> None:
    words = shlex.split(block.splitlines()[0])
    asked = {word: words[place + 1] for place, word in enumerate(words) if word.startswith("--")}
    groups = asked["--group-by"].split(",") if "--group-by" in asked else []
    metrics = asked["--metrics"].split(",")
    rows = Metrics(worked_example.folder).query(metrics, groups)
    shown = [
        [str(row[group]) for group in groups]
        + [
            f"{row[name]:.2f}" if isinstance(row[name], Decimal) else str(row[name])
            for name in metrics
        ]
        for row in rows
    ]
    assert sorted(shown) == sorted(table_cells(block))
