"""`make daily`: load → build → publish → report → notify, for a scheduler.

Steps that need a failed one are skipped. `notify` needs only a finished build, green or not: when
the guard refuses a customer master an alert must be sent. All output, including dbt's, also goes to
`logs/daily-<time>.log` of the warehouse. Exit codes: see `__main__.py`; 2 also if a resource was
skipped.
"""

import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.as_of import check_as_of
from pipelines.commands.company import with_company
from pipelines.commands.field_map import prepare_field_map
from pipelines.commands.options import FOLDER, dbt_vars, field_map
from pipelines.commands.steps import (
    RunRequest,
    build_marts,
    fingerprint_of,
    is_published,
    load_raw,
    print_warnings,
)
from pipelines.console import table_of
from pipelines.duck import refusal
from pipelines.locking import only_run
from pipelines.notify.send import send_alerts
from pipelines.publish.cards import print_cards
from pipelines.publish.write import publish as publish_marts
from pipelines.report import write_report
from pipelines.settings import BuildError, InputError, Warehouse, shown, warehouse, warehouse_for

State = Literal["ok", "unchanged", "incomplete", "red", "failed", "skipped"]
STYLES = {"ok": "green", "unchanged": "green", "incomplete": "yellow", "skipped": "dim"}
NOT_PUBLISHED, LEFT_OUT, NOT_TOLD = 1, 2, 3  # worst first


@dataclass
class Day:
    """Data passed between the steps of a run."""

    request: RunRequest
    console: Console
    seeds: Path | None = None
    fingerprint: str | None = None
    is_unchanged: bool = False


@dataclass(frozen=True)
class Done:
    """The outcome of a step with a remark. `code`: its contribution to the exit code."""

    state: State = "ok"
    remark: str = ""
    code: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Step:
    """A step, the steps it needs, and its exit code for failures other than invalid input."""

    name: str
    action: Callable[[Day], Done]
    needs: tuple[str, ...] = ()
    code: int = NOT_PUBLISHED


def load(day: Day) -> Done:
    day.seeds = prepare_field_map(day.request.target, day.request.field_map)
    if load_raw(day.request, day.console):
        return Done()
    return Done("incomplete", "a resource was skipped: see ERROR; its old rows stay", LEFT_OUT)


def build(day: Day) -> Done:
    assert day.seeds is not None, "load comes first"
    day.fingerprint = fingerprint_of(day.request, day.seeds)
    day.is_unchanged = is_published(day.request, day.fingerprint)
    if day.is_unchanged:
        return Done("unchanged", "nothing has changed since the last run")
    log = shown(day.request.target.logs / "dbt.log")
    day.console.print(f"dbt's output is in {log}", highlight=False)
    if build_marts(day.request, day.seeds, day.console):
        return Done()
    return Done("red", "a model or a test failed", NOT_PUBLISHED)


def publish(day: Day) -> Done:
    if day.is_unchanged:
        return Done("unchanged", "this set is already published")
    written = publish_marts(day.request.target, day.fingerprint)
    print_warnings(day.request.target, day.console)
    print_cards(day.request.target, day.console)
    return Done(remark=f"set {written['set_id']}, as of {written['as_of']}")


def report(day: Day) -> Done:
    return Done(remark=shown(write_report(day.request.target)))


def notify(day: Day) -> Done:
    if send_alerts(day.request.target, day.console):
        return Done()
    return Done("failed", "not all alerts were delivered: see above", NOT_TOLD)


STEPS = (
    Step("load", load),
    Step("build", build, needs=("load",)),
    Step("publish", publish, needs=("build",)),
    Step("report", report, needs=("publish",), code=NOT_TOLD),
    Step("notify", notify, needs=("build",), code=NOT_TOLD),
)


def run_day(request: RunRequest, console: Console, steps: tuple[Step, ...] = STEPS) -> int:
    day = Day(request, console)
    outcomes: dict[str, Done] = {}
    for step in steps:
        lacking = [name for name in step.needs if outcomes[name].state in ("failed", "skipped")]
        if lacking:
            outcomes[step.name] = Done("skipped", f"needs {lacking[0]}")
            continue
        console.print(f"\n── {step.name} ──", highlight=False)
        started = time.monotonic()
        done = _attempt(step, day)
        outcomes[step.name] = replace(done, seconds=time.monotonic() - started)
    console.print()
    console.print(_table(outcomes))
    code = min((done.code for done in outcomes.values() if done.code), default=0)
    console.print(f"exit code {code}", highlight=False)
    return code


def _attempt(step: Step, day: Day) -> Done:
    try:
        return step.action(day)
    except Exception as error:
        sentence = refusal(error)
        is_input = not isinstance(error, BuildError) and step.code == NOT_PUBLISHED
        if not sentence:
            day.console.print(traceback.format_exc(), highlight=False, markup=False)
            remark = f"{type(error).__name__}: {_first_line(str(error))}"
            return Done("failed", remark, step.code)
        day.console.print(f"ERROR {sentence}", style="red", highlight=False, markup=False)
        return Done("failed", _first_line(sentence), LEFT_OUT if is_input else step.code)


def _first_line(text: str) -> str:
    return (text.splitlines() or [""])[0][:150]


def _table(outcomes: dict[str, Done]) -> Table:
    table = table_of("step", "seconds", "outcome", "remark", numbers="seconds")
    for name, done in outcomes.items():
        seconds = f"{done.seconds:.1f}" if done.state != "skipped" else "–"
        state = Text(done.state, STYLES.get(done.state, "bold red"))
        table.add_row(name, seconds, state, Text(done.remark))
    return table


@contextmanager
def logged(path: Path) -> Iterator[None]:
    """Copy all output of this process and its children to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    streams = (sys.stdout, sys.stderr)
    saved = [os.dup(number) for number in (1, 2)]
    sys.stdout.reconfigure(line_buffering=True)  # in the order of what children print
    # -i: an interrupt stops the run, not its log
    with subprocess.Popen(["tee", "-i", "-a", path], stdin=subprocess.PIPE) as tee:
        assert tee.stdin is not None
        for number, stream in enumerate(streams, start=1):
            stream.flush()
            os.dup2(tee.stdin.fileno(), number)
        try:
            yield
        finally:
            pipe = os.fstat(1)
            for number, stream in enumerate(streams, start=1):
                stream.flush()
                os.dup2(saved[number - 1], number)
                os.close(saved[number - 1])
            tee.stdin.close()
            _close_all(pipe)


def _close_all(pipe: os.stat_result) -> None:
    """Close copies of the log's pipe kept by a library (the chart engine), so that tee ends."""
    for one in list(Path("/dev/fd").iterdir()):
        with suppress(OSError):
            if os.path.samestat(os.fstat(int(one.name)), pipe):
                os.close(int(one.name))


def daily_target(extracts: Path | None) -> Warehouse:
    """The warehouse of the run. Raises InputError for live systems without WAREHOUSE_DIR."""
    if extracts is not None:
        return warehouse_for(extracts)
    if not os.environ.get("WAREHOUSE_DIR"):
        raise InputError(
            "without --extracts the live systems are loaded; set WAREHOUSE_DIR to the folder of "
            "their warehouse, so that they are not mixed with the sample."
        )
    return warehouse()


@click.command()
@click.option("--extracts", type=FOLDER, help="Folder of extract files (default: live systems).")
@click.option("--as-of", help="As-of date or instant (default: now).")
@field_map()
@dbt_vars()
def command(
    extracts: Path | None, as_of: str | None, field_map: Path | None, dbt_vars: dict[str, Any]
) -> None:
    """Load, build, publish, report, notify; with a log. For a scheduler."""
    folder, field_map = with_company(extracts, field_map)
    target = daily_target(folder)
    request = RunRequest(target, folder, check_as_of(as_of, dbt_vars), field_map, dbt_vars)
    with only_run(target):
        path = target.logs / f"daily-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.log"
        with logged(path):
            out = Console(soft_wrap=True, width=200)
            source = shown(folder) if folder else "the live systems"
            out.print(f"Warehouse {shown(target.root)}, {source}, log {shown(path)}")
            code = run_day(request, out)
    sys.exit(code)
