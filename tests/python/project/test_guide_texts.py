"""The tables, columns and metrics in docs/bi.md and docs/metrics.md are published."""

from __future__ import annotations

import re

import pytest
import sqlglot
from project_files import ROOT, manifest, models
from sqlglot.optimizer.qualify import qualify

from pipelines.publish.marts import DICTIONARY

GUIDES = ["docs/bi.md", "docs/metrics.md"]


def published() -> dict[str, dict[str, dict[str, str]]]:
    """Published schema → table → column → type, from the contracts."""
    dictionary = dict.fromkeys(DICTIONARY.columns, "string")
    schemas = {"cards": {DICTIONARY.name: dictionary}, "worklist": {}}
    for node in models():
        if node["config"]["access"] == "public":
            is_open = node["config"]["meta"]["contains_personal_data"] is False
            schemas["cards" if is_open else "worklist"][node["name"]] = {
                column["name"]: column["data_type"] for column in node["columns"].values()
            }
    return schemas


def blocks(path: str, language: str) -> list[str]:
    """The fenced blocks of one language in a guide."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_sql_of_the_guide_reads_published_columns() -> None:
    queries = blocks("docs/bi.md", "sql")
    assert queries
    for query in queries:
        # raises for a table or column without contract
        qualify(sqlglot.parse_one(query, dialect="duckdb"), schema=published(), dialect="duckdb")


@pytest.mark.parametrize("guide", GUIDES)
def test_the_tables_of_a_guide_are_published(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    named = set(re.findall(r"(?<![\w/])(cards|worklist)\.([a-z][a-z0-9_]+)", text))
    known = {(schema, table) for schema, tables in published().items() for table in tables}
    assert not named - known, f"{guide} names tables that are not published"
    assert named or guide != "docs/bi.md"


def test_the_columns_beside_a_table_are_its_own() -> None:
    rows = re.findall(
        r"^\| `(cards|worklist)\.(\w+)` \|(.*)$", (ROOT / "docs/bi.md").read_text(), re.MULTILINE
    )
    wrong = [
        f"{table}.{column}"
        for schema, table, rest in rows
        for column in re.findall(r"`(\w+)`", rest)
        if column not in published()[schema][table]
    ]
    assert len(rows) == 12
    assert not wrong, f"docs/bi.md names unknown columns: {wrong}"


def test_the_metrics_of_the_guide_exist() -> None:
    text = (ROOT / "docs/metrics.md").read_text(encoding="utf-8")
    names = {node["name"] for node in manifest()["metrics"].values()}
    asked = {name for group in re.findall(r"--metrics (\S+)", text) for name in group.split(",")}
    table = text.split("## Which metric is which number")[1].split("## ")[0]
    listed = set(re.findall(r"`([a-z]\w+)`", table)) - {"meta", "card_values", "twin_"}
    assert asked and not asked - names
    for row in table.splitlines():
        cells = re.findall(r"`(\w+)`", row)
        listed |= {cells[0] + suffix for suffix in cells[1:] if suffix.startswith("_")}
    unknown = {name for name in listed if not name.startswith("flow_run__")} - names
    assert not unknown, f"docs/metrics.md names metrics that do not exist: {unknown}"
    missing = {name for name in names if not name.startswith("twin_")} - listed
    assert not missing, f"docs/metrics.md does not list {missing}"


QUOTED_WINDOW = re.compile(r"\b(7|30|24|seven|thirty)[ -]?(days?|hours?|h|D|calendar dates)\b")
# not the window of a card: the ranges of aging, the offset of a metric, the life of a token
NO_WINDOW = re.compile(
    r"4-7 days|8-30 days|over 30 days|offset_window: 7 days|24 h(ours)?[^.]*token|token[^.]* 24 hours"
)


def test_every_kind_of_input_names_tests_that_exist() -> None:
    kinds = (ROOT / "tests" / "cases" / "README.md").read_text("utf-8")
    named = set(re.findall(r"`([a-z][a-z0-9_]+)`", kinds))
    files = (ROOT / "tests" / "python").rglob("test_*.py")
    found = {
        name for file in files for name in re.findall(r"def (test_\w+)", file.read_text("utf-8"))
    }
    nodes = (*manifest()["nodes"].values(), *manifest()["unit_tests"].values())
    assert named
    assert named - found - {node["name"] for node in nodes} == set()


def test_no_text_quotes_a_window() -> None:
    """Windows, grace and ages are columns of the card registry; texts print `window_text`."""
    files = [
        file
        for folder in ("models", "pipelines", "macros")
        for file in (ROOT / folder).rglob("*")
        if file.suffix in {".sql", ".yml", ".md", ".py", ".html", ".js"}
        and "unit_tests" not in file.name
    ]
    quoted = [
        f"{file.relative_to(ROOT)}: {found.group()}"
        for file in files
        for found in QUOTED_WINDOW.finditer(NO_WINDOW.sub("", file.read_text("utf-8")))
    ]
    assert len(files) > 200
    assert not quoted, "read it from the card registry:\n" + "\n".join(quoted)
