"""Every error test is in decision 0024, with the days on which it could fail without a wrong number."""

from __future__ import annotations

import re
from typing import Any

from project_files import ROOT, manifest

RECORD = ROOT / "docs" / "decisions" / "0024-error-tests.md"


def data_tests(severity: str) -> list[dict[str, Any]]:
    """The data tests of the project with this severity."""
    return [
        node
        for node in manifest()["nodes"].values()
        if node["resource_type"] == "test" and node["config"]["severity"].lower() == severity
    ]


def listed(first: str, last: str | None) -> set[str]:
    """The names in the first columns of the tables between two phrases of the record."""
    text = RECORD.read_text("utf-8").split(first, 1)[1]
    rows = re.findall(r"^\| (`[^|]+) \|", text.split(last, 1)[0] if last else text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def test_every_error_test_is_judged_in_the_record() -> None:
    singular = {node["name"] for node in data_tests("error") if "test_metadata" not in node}
    kinds = {n["test_metadata"]["name"] for n in data_tests("error") if "test_metadata" in n}
    assert listed("**How each error test was judged.**", "**Warn only**") == singular | kinds


def test_every_warning_says_why_it_is_not_an_error() -> None:
    assert listed("**Warn only**", None) == {node["name"] for node in data_tests("warn")}
