"""Daily runs by `python -m pipelines daily`: published tables and history.

CI runs a few key days of one company; `make days` runs a month of both samples
(docs/decisions/0027-days-and-installations-in-tests.md).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from days_run import KEY_DAYS, MONTH, Story, play

SAMPLES = ("worked_example", "business_central")


def test_telling_days(tmp_path: Path) -> None:
    """A start, a sign-up, a truncated master, a failed day, an empty folder, a reopening."""
    problems = play(Story("worked_example", "2026-04-07", KEY_DAYS), tmp_path)
    assert not problems, "\n  ".join([f"{len(problems)} problem(s)", *problems[:60]])


@pytest.mark.days
@pytest.mark.parametrize("sample", SAMPLES)
def test_a_month(sample: str, tmp_path: Path) -> None:
    """Thirty days in a row."""
    problems = play(Story(sample, "2026-03-21", MONTH), tmp_path)
    assert not problems, "\n  ".join([f"{len(problems)} problem(s)", *problems[:60]])
