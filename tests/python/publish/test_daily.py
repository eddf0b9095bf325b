"""The daily run: steps that need a failed one are skipped; exit code and log show the result."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.commands import steps
from pipelines.commands.daily import STEPS, Day, Done, Step, daily_target, run_day
from pipelines.commands.steps import RunRequest, load_raw
from pipelines.load import live
from pipelines.load.live import Outcome
from pipelines.locking import only_run
from pipelines.settings import PROJECT, BuildError, InputError, Warehouse

HERE = Path(__file__).parent
RED = Done("red", "a model or a test failed", 1)


def fails(error: Exception) -> Callable[[Day], Done]:
    def action(_: Day) -> Done:
        raise error

    return action


def run(**actions: Done | Exception) -> tuple[int, dict[str, list[str]], str]:
    """Exit code, the words of each row of the table, and all output."""
    called = []

    def faked(step: Step) -> Step:
        given = actions.get(step.name, Done())

        def action(day: Day) -> Done:
            called.append(step.name)
            return given if isinstance(given, Done) else fails(given)(day)

        return replace(step, action=action)

    out = io.StringIO()
    request = RunRequest(Warehouse(Path("warehouse")), None)
    code = run_day(request, Console(file=out, width=200), tuple(map(faked, STEPS)))
    text = out.getvalue()
    lines = text[text.index("step ") :].splitlines()[1 : 1 + len(STEPS)]
    table = {line.split()[0]: line.split()[1:] for line in lines}
    ran = [name for name, (_, state, *_) in table.items() if state != "skipped"]
    assert ran == called
    assert f"exit code {code}" in text
    return code, table, text


def states(table: dict[str, list[str]]) -> list[str]:
    return [table[step.name][1] for step in STEPS]


def test_steps_run_in_their_order() -> None:
    code, table, _ = run()
    assert code == 0
    assert list(table) == "load build publish report notify".split()
    assert set(states(table)) == {"ok"}
    assert all(float(seconds) >= 0 for seconds, *_ in table.values())


def test_guard_failure_publishes_nothing_but_people_are_told() -> None:
    error = BuildError("nothing published: 1 of the build's nodes failed:\n  customer_masters")
    code, table, text = run(build=RED, publish=error)
    assert states(table) == ["ok", "red", "failed", "skipped", "ok"]
    assert code == 1
    assert "ERROR nothing published" in text and "customer_masters" in text
    assert table["report"][2:] == ["needs", "publish"]


def test_no_one_is_notified_of_an_unfinished_build() -> None:
    code, table, _ = run(build=BuildError("dbt stopped with exit code 2"))
    assert states(table) == ["ok", "failed", "skipped", "skipped", "skipped"]
    assert code == 1


def test_nothing_is_built_on_a_failed_load() -> None:
    code, table, text = run(load=InputError("nowhere: no such folder."))
    assert states(table) == ["failed", *["skipped"] * 4]
    assert code == 2
    assert "ERROR nowhere: no such folder." in text


def test_source_that_was_left_out_is_told_by_the_exit_code() -> None:
    code, table, _ = run(load=Done("incomplete", "a source was left out", 2))
    assert states(table) == ["incomplete", "ok", "ok", "ok", "ok"]
    assert code == 2


@pytest.mark.parametrize("step", ["report", "notify"])
@pytest.mark.parametrize("error", [InputError("no such channel"), ValueError("a [bug]")])
def test_page_and_alerts_do_not_stop_each_other(step: str, error: Exception) -> None:
    code, table, text = run(**{step: error})
    assert [table[name][1] for name in ("publish", step)] == ["ok", "failed"]
    assert code == 3
    assert str(error) in text


def test_the_worst_is_the_exit_code() -> None:
    left_out = Done("incomplete", "", 2)
    assert run(load=left_out, notify=Done("failed", "", 3))[0] == 2
    assert run(load=left_out, publish=BuildError("refused"))[0] == 1


def test_a_fault_of_the_program_is_a_failed_step_with_its_trace() -> None:
    code, table, text = run(publish=KeyError("x"))
    assert code == 1
    assert table["publish"][1] == "failed"
    assert "Traceback" in text


def test_live_load_goes_on_with_what_came(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    outcomes = [Outcome("shopify", "us", "orders", "loaded")]
    target = Warehouse(tmp_path / "warehouse")
    monkeypatch.setattr(live, "load_sources", lambda *_: outcomes)
    request = RunRequest(target, None)
    assert load_raw(request, Console(quiet=True))
    outcomes.append(Outcome("d365_fo", "prod", "customers", "failed", message="401"))
    assert not load_raw(request, Console(quiet=True))


def test_live_systems_never_meet_the_sample(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("WAREHOUSE_DIR", raising=False)
    with pytest.raises(InputError, match="set WAREHOUSE_DIR"):
        daily_target(None)
    monkeypatch.setenv("WAREHOUSE_DIR", str(tmp_path))
    assert daily_target(None).root == tmp_path
    assert daily_target(tmp_path / "extracts").root == tmp_path


# The whole command with the real load, publish and log; dbt, page and alerts are small.
DRIVER = """
import os, subprocess, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import duckdb
from pipelines.commands import daily
from pipelines.__main__ import main
from small_build import MARTS, write_build

def build_marts(request, seeds, progress):
    assert progress, "its output is in its own log"
    with duckdb.connect(str(request.target.marts)) as con:
        con.execute(MARTS)
    write_build(request.target)
    print("before dbt")
    subprocess.run("echo dbt says; echo dbt warns >&2", shell=True, check=True)
    return True

def write_report(target):
    page = (target.published / "report.html").resolve()
    page.write_text("page")
    os.dup(1), os.dup(2)  # as the engine of the charts does, from the second day on
    return page

def send_alerts(target, console):
    console.print("sent to everyone")
    print("with a warning", file=sys.stderr)
    return sys.argv[2] == "True"

daily.build_marts = build_marts
daily.print_cards = lambda target, console: console.print("the cards")
daily.write_report, daily.send_alerts = write_report, send_alerts
main(["daily", "--extracts", sys.argv[3], "--as-of", "2026-04-12"])
"""


@pytest.fixture
def extracts(tmp_path: Path) -> Path:
    folder = tmp_path / "extracts" / "dataverse" / "prod"
    folder.mkdir(parents=True)
    (folder / "cdm_companies.jsonl").write_text('{"cdm_companyid": "c"}\n')
    return tmp_path / "extracts"


def daily(extracts: Path, is_told: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", DRIVER, str(HERE), str(is_told), str(extracts)],
        cwd=PROJECT,
        env=os.environ
        | {"WAREHOUSE_DIR": str(extracts.parent / "warehouse"), "PYTHONUNBUFFERED": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_whole_day_with_its_log(extracts: Path) -> None:
    warehouse = Warehouse(extracts.parent / "warehouse")
    first = daily(extracts)
    assert first.returncode == 0, first.stdout + first.stderr
    (log,) = warehouse.logs.glob("daily-*.log")
    text = log.read_text()
    assert text == first.stdout, "the log is what was printed"
    order = [
        "── load",
        "cdm_companies",
        "── build",
        "before dbt",
        "dbt says",
        "── publish",
        "the cards",
    ]
    order += ["── report", "── notify", "sent to everyone", "step ", "exit code 0"]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    assert "dbt warns" in text and "with a warning" in text
    assert (warehouse.published / "report.html").read_text() == "page"
    second = daily(extracts, is_told=False)
    assert second.returncode == 3
    assert "nothing has changed since the last run" in second.stdout
    assert "dbt says" not in second.stdout
    assert "not all alerts were delivered" in second.stdout


def test_second_start_is_refused(extracts: Path) -> None:
    warehouse = Warehouse(extracts.parent / "warehouse")
    with only_run(warehouse):
        done = subprocess.run(
            [sys.executable, "-m", "pipelines", "daily", "--extracts", extracts],
            cwd=PROJECT,
            env=os.environ | {"WAREHOUSE_DIR": str(warehouse.root)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("ERROR another run is in progress in")
    assert "wait until it has ended" in done.stderr
    assert not warehouse.logs.exists()


def test_dbt_that_stops_before_its_end_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Exit code 1: nodes failed, which publish lists; any other: dbt stopped."""
    target = Warehouse(tmp_path / "warehouse")
    target.target.mkdir(parents=True)

    def dbt(code: int, writes: bool) -> None:
        def ended(*_: object) -> tuple[int, list[str]]:
            if writes:
                (target.target / "run_results.json").write_text("{}")
            return code, []

        monkeypatch.setattr("pipelines.commands.dbt.exit_code", ended)

    request = RunRequest(target, None)
    dbt(0, writes=True)
    assert steps.build_marts(request, tmp_path)
    dbt(1, writes=True)
    assert not steps.build_marts(request, tmp_path)
    for code, writes in ((2, True), (1, False)):
        dbt(code, writes)
        with pytest.raises(BuildError, match=f"dbt stopped with exit code {code}"):
            steps.build_marts(request, tmp_path)
