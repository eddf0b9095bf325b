"""The as-of of the commands: a date or an instant, never in the future."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines import as_of as module
from pipelines.as_of import check_as_of, today
from pipelines.settings import PROJECT, InputError

NEW_YORK = {"reporting_timezone": "America/New_York"}
NOW = datetime(2026, 4, 14, 3, 30, tzinfo=UTC)


class Clock(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return NOW.astimezone(tz)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "datetime", Clock)


@pytest.mark.parametrize(
    ("given", "dbt_vars", "expected"),
    [
        (None, {}, None),
        ("", {}, None),
        ("2026-04-12T15:00:00Z", {}, "2026-04-12T15:00:00Z"),
        ("2026-04-13", NEW_YORK, "2026-04-13"),
        ("2026-04-14", {"reporting_timezone": "Asia/Tokyo"}, "2026-04-14"),
        ("2026-04-14T03:30:00Z", NEW_YORK, "2026-04-14T03:30:00Z"),
        ("2026-04-13 23:30:00", NEW_YORK, "2026-04-13 23:30:00"),
        (None, {"as_of": "2026-04-12"}, "2026-04-12"),
        (None, {"as_of": date(2026, 4, 12)}, "2026-04-12"),
        ("2026-04-11", {"as_of": "2026-04-12"}, "2026-04-11"),
    ],
)
def test_an_as_of_comes_from_the_option_or_the_vars(
    given: str | None, dbt_vars: dict[str, Any], expected: str | None
) -> None:
    assert check_as_of(given, dbt_vars) == expected


@pytest.mark.parametrize(
    ("given", "dbt_vars"),
    [
        ("2026-04-14", NEW_YORK),
        ("2026-04-15", {"reporting_timezone": "Asia/Tokyo"}),
        ("2026-04-14T03:30:01Z", NEW_YORK),
        ("2026-04-13 23:30:01", NEW_YORK),
        (None, {"as_of": "2099-01-01"}),
        (None, {"as_of": date(2099, 1, 1)}),
    ],
)
def test_the_future_is_refused(given: str | None, dbt_vars: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="is in the future, which cannot be measured; give 2"):
        check_as_of(given, dbt_vars)


@pytest.mark.parametrize(
    "given", ["yesterday", "12.04.2026", "20260412", "2026-W15-7", "2026-13-01"]
)
def test_a_strange_as_of_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(InputError, match="is not a date; write it as 2026-04-12"):
        check_as_of(given, {})


def test_a_strange_time_zone_is_refused_with_an_example() -> None:
    with pytest.raises(InputError, match="'Mars' is not a time zone"):
        today({"reporting_timezone": "Mars"})


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--as-of", "2099-01-01"],
        ["run", "--vars", "{as_of: 2099-01-01}"],
        ["daily", "--extracts", "samples/worked_example", "--as-of", "2099-01-01T10:00:00Z"],
        ["backfill", "--from", "2026-04-01", "--to", "2099-01-01"],
        ["gate", "--state", "nowhere", "--vars", "{as_of: 2099-01-01}"],
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_every_command_refuses_the_future_with_one_sentence(
    arguments: list[str], tmp_path: Any
) -> None:
    (tmp_path / "raw.duckdb").touch()
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", *arguments],
        cwd=PROJECT,
        env=os.environ | {"WAREHOUSE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("ERROR ") and len(done.stderr.splitlines()) == 1
    assert "in the future" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"raw.duckdb"}
