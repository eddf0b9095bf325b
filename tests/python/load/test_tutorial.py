"""The commands of docs/tutorial.md, one after the other, with the files that it names."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import duckdb

from pipelines.settings import PROJECT

TUTORIAL = (PROJECT / "docs" / "tutorial.md").read_text(encoding="utf-8")
LIST = """
    select worklist_rank::varchar, customer_name, blocked_value_reporting::varchar, primary_reason
    from worklist.onboarding_worklist order by worklist_rank
"""
# the environment is there: a test does not install
INSTALLED = "make -o .venv/.run-installed"


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_commands_of_the_tutorial_lead_to_its_list(tmp_path: Path) -> None:
    output, said = "", 0
    for language, block in re.findall(r"(?ms)^```(bash|text)\n(.*?)^```", TUTORIAL):
        if language == "text":
            said += 1
            missing = [line for line in block.splitlines() if words(line) not in output]
            assert not missing, output
            continue
        command = block.replace("../", f"{tmp_path}/").replace("make", INSTALLED, 1)
        done = subprocess.run(
            command, shell=True, cwd=PROJECT, capture_output=True, text=True, check=False
        )
        output = words(done.stdout + done.stderr)
        assert done.returncode == 0, f"{block}{done.stdout[-3000:]}{done.stderr[-3000:]}"
    assert said == 2
    published = tmp_path / "warehouse" / "published"
    assert str(published.resolve()) in output and (published / "report.html").exists()
    with duckdb.connect(str(published / "marts.duckdb"), read_only=True) as con:
        rows = con.execute(LIST).fetchall()
    shown = re.findall(r"(?m)^\| (\d) \| (.+) \| ([\d.]+) \| (\w+) \|$", TUTORIAL)
    assert rows == shown


def test_the_files_of_the_tutorial_are_there() -> None:
    named = re.findall(r"(?m)^\.\./exports/(\S+)$", TUTORIAL)
    folder = PROJECT / "samples" / "first_list"
    assert sorted(named) == sorted(str(path.relative_to(folder)) for path in folder.rglob("*.csv"))
