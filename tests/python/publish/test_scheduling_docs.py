"""The examples of docs/scheduling.md and docs/deploy-gate.md parse, and their commands exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from pipelines.__main__ import NAMES
from pipelines.settings import PROJECT

DOCS = PROJECT / "docs"
PAGES = (DOCS / "scheduling.md", DOCS / "deploy-gate.md")
EXAMPLES = sorted((DOCS / "examples").glob("*.yml"))
BLOCK = re.compile(r"^```(json|yaml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"\bmake ([a-z]+)\b(?!:)")
COMMAND = re.compile(r"python(?:,)? -m(?:,)? pipelines(?:,)? ([a-z]+)")


def texts() -> dict[str, str]:
    files = [*PAGES, *EXAMPLES, *(DOCS / "examples").glob("Dockerfile*")]
    return {path.name: path.read_text() for path in files}


def steps_of(path: Path) -> list[str]:
    """The commands of a GitHub workflow."""
    jobs = yaml.safe_load(path.read_text())["jobs"].values()
    return [step["run"] for job in jobs for step in job["steps"] if "run" in step]


def test_workflows_call_the_commands() -> None:
    assert steps_of(DOCS / "examples/daily.github.yml") == ["make daily"]
    assert steps_of(DOCS / "examples/gate.github.yml") == [
        "make run",
        "make gate STATE=data/worked_example",
    ]


def test_container_job_calls_the_command_on_its_schedule() -> None:
    job = yaml.safe_load((DOCS / "examples/daily.azure.yml").read_text())["properties"]
    (container,) = job["template"]["containers"]
    assert container["command"] == ["python", "-m", "pipelines", "daily"]
    (volume,) = job["template"]["volumes"]
    assert [mount["volumeName"] for mount in container["volumeMounts"]] == [volume["name"]]
    known = {secret["name"] for secret in job["configuration"]["secrets"]}
    assert {entry["secretRef"] for entry in container["env"]} == known
    assert job["configuration"]["scheduleTriggerConfig"]["cronExpression"] == "15 5 * * *"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text())
    assert all((page.parent / link).exists() for link in links), links


def test_blocks_of_the_pages_parse() -> None:
    blocks = [block for page in PAGES for block in BLOCK.findall(page.read_text())]
    assert "json" in {kind for kind, _ in blocks}
    for kind, text in blocks:
        assert (json.loads if kind == "json" else yaml.safe_load)(text)


def test_named_commands_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    made = {(name, word) for name, text in texts().items() for word in MAKE.findall(text)}
    called = {(name, word) for name, text in texts().items() for word in COMMAND.findall(text)}
    assert {word for _, word in made} >= {"daily", "gate", "run"}
    assert {word for _, word in called} >= {"daily"}
    assert [pair for pair in sorted(made) if pair[1] not in targets] == []
    assert [pair for pair in sorted(called) if pair[1] not in NAMES] == []


def test_image_runs_the_daily_command_and_contains_no_secret() -> None:
    lines = (DOCS / "examples/Dockerfile").read_text().splitlines()
    words = dict(line.split(" ", 1) for line in lines if not line.startswith("#"))
    assert json.loads(words["ENTRYPOINT"]) == ["python", "-m", "pipelines"]
    assert json.loads(words["CMD"]) == ["daily"]
    ignored = (DOCS / "examples/Dockerfile.dockerignore").read_text().split()
    assert {".dlt/secrets.toml", "data", ".venv"} <= set(ignored)
