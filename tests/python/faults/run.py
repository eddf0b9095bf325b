"""`make faults`: injures the running system kind by kind, and writes docs/reliability.md.

`make faults KINDS="killed machine"` runs some kinds, FAULT_SHARE=0.3 a share of the tries; the page is written from the newest result of each.
A kind is a list of pytest paths: a module of this folder and the tests of other folders that injure
the same way. A test is one try, or as many as it records by `record_property("tried", n)`; what it
loses is red. Without FAULTS=whole (make test, CI) each kind has few tries.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PAGE = ROOT / "docs" / "reliability.md"
RESULTS = ROOT / "data" / "faults.json"
KINDS = tomllib.loads((HERE / "kinds.toml").read_text("utf-8"))


@dataclass
class Count:
    """Tries of a kind, those that lost something, seconds, and lines of what was measured."""

    tried: int = 0
    lost: int = 0
    seconds: float = 0.0
    lines: list[str] = field(default_factory=list)


class Report:
    """Counts the reports of pytest by kind."""

    def __init__(self) -> None:
        self.counts: dict[str, Count] = defaultdict(Count)
        self.kinds = {
            path: name for name, kind in KINDS.items() for path in sorted(kind["tests"], key=len)
        }

    def kind_of(self, node: str) -> str:
        fitting = [path for path in self.kinds if node.startswith(path)]
        return self.kinds[max(fitting, key=len)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        count = self.counts[self.kind_of(report.nodeid)]
        count.seconds += report.duration
        given = dict(report.user_properties)
        if (report.when == "call" or report.failed) and not report.skipped:
            count.tried += int(given.get("tried", 1))
            count.lost += int(given.get("lost", 1)) if report.failed else 0
        if report.when == "call" and not report.skipped and "measured" in given:
            count.lines += str(given["measured"]).splitlines()

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.write_line(table(self.counts, self.counts))


def table(counts: dict[str, Count], names: Iterable[str] = KINDS) -> str:
    rows = ["| kind | tried | survived | lost | seconds |", "|---|---:|---:|---:|---:|"]
    for name in names:
        if name not in counts:
            rows.append(f"| {name} | not run yet | – | – | – |")
            continue
        one = counts[name]
        kept = one.tried - one.lost
        rows.append(f"| {name} | {one.tried:,} | {kept:,} | {one.lost:,} | {one.seconds:,.0f} |")
    return "\n".join(rows)


def page(counts: dict[str, Count]) -> str:
    """The text of docs/reliability.md."""
    what = [
        f"- **{name}**: {kind['what']} {' '.join(f'`{one[13:]}`' for one in kind['tests'])}"
        for name, kind in KINDS.items()
    ]
    lines = [line for count in counts.values() for line in count.lines]
    measured = ["", "## Measured", "", *lines] if lines else []
    return "\n".join(
        [
            "# What was injured, and what is left",
            "",
            "`make faults` writes this page: it injures the running system on purpose and checks"
            " what is left (`tests/python/faults`). CI runs a few tries of each kind. How to come"
            " back from each: [operations](operations.md).",
            "",
            table(counts),
            "",
            "A try is lost if anything else is left than after an undisturbed run, or than one"
            " clear sentence.",
            "",
            "## Kinds",
            "",
            *what,
            *measured,
            "",
        ]
    )


def main(names: list[str]) -> int:
    unknown = sorted({*names} - {*KINDS})
    if unknown:
        print(f"no kind {', '.join(unknown)}; there are: {', '.join(KINDS)}", file=sys.stderr)
        return 2
    os.environ["FAULTS"] = os.environ.get("FAULTS") or "whole"
    report = Report()
    paths = [path for name in names or KINDS for path in KINDS[name]["tests"]]
    arguments = ["-q", "-n", "2", "--dist", "worksteal", "-p", "no:cacheprovider"]
    code = pytest.main([*arguments, *dict.fromkeys(paths)], plugins=[report])
    known = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    known |= {name: asdict(count) for name, count in report.counts.items()}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(known), "utf-8")
    PAGE.write_text(page({name: Count(**known[name]) for name in KINDS if name in known}), "utf-8")
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
