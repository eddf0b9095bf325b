"""Backfill: one dbt build of the histories per date, in order, marked as backfill."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.commands.backfill import backfill_dates, backfill_history, published_vars
from pipelines.settings import BuildError, InputError, Warehouse


def test_both_ends_of_the_range_are_built() -> None:
    assert backfill_dates("2026-02-27", "2026-03-01") == ["2026-02-27", "2026-02-28", "2026-03-01"]
    assert backfill_dates("2026-04-12", "2026-04-12") == ["2026-04-12"]


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        ("2026-04-12", "2026-04-01", "--from 2026-04-12 is after --to 2026-04-01"),
        ("12/04/2026", "2026-04-12", "--from 12/04/2026 is not a date"),
        ("2026-04-12", "9999-01-01", "--to 9999-01-01 is in the future"),
    ],
)
def test_an_unusable_range_is_one_clear_error(first: str, last: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        backfill_dates(first, last)


def test_each_date_is_built_with_its_as_of_and_the_vars_of_the_company() -> None:
    calls: list[tuple[tuple[str, ...], dict[str, Any]]] = []

    def dbt(arguments: tuple[str, ...], dbt_vars: dict[str, Any]) -> bool:
        calls.append((arguments, dbt_vars))
        return True

    own = {"reporting_currency": "EUR", "as_of": "2026-05-01"}
    recorded: list[int] = []
    backfill_history(
        ["2026-04-01", "2026-04-02"], own, dbt, lambda _: None, lambda: recorded.append(len(calls))
    )
    assert recorded == [1, 2], "each date is recorded before the next is built"
    assert [dbt_vars for _, dbt_vars in calls] == [
        {"reporting_currency": "EUR", "as_of": "2026-04-01", "backfill": True},
        {"reporting_currency": "EUR", "as_of": "2026-04-02", "backfill": True},
    ]
    assert all({"+card_history", "+onboarding_history"} <= set(call) for call, _ in calls)


def test_a_date_that_does_not_build_stops_and_says_how_to_go_on() -> None:
    built: list[str] = []

    def dbt(arguments: tuple[str, ...], dbt_vars: dict[str, Any]) -> bool:
        built.append(dbt_vars["as_of"])
        return dbt_vars["as_of"] != "2026-04-02"

    recorded: list[str] = []
    with pytest.raises(BuildError, match="--from 2026-04-02 --to 2026-04-03"):
        backfill_history(
            ["2026-04-01", "2026-04-02", "2026-04-03"],
            {},
            dbt,
            lambda _: None,
            lambda: recorded.append(built[-1]),
        )
    assert built == ["2026-04-01", "2026-04-02"]
    assert recorded == ["2026-04-01"]


def test_the_vars_of_the_published_build_are_used(tmp_path: Path) -> None:
    target = Warehouse(tmp_path)
    assert published_vars(target) is None
    target.published.mkdir()
    lasting = {"as_of": "2026-04-12", "reporting_currency": "EUR"}
    manifest = {"as_of": "2026-04-12", "vars": lasting | {"accept_master_shrink": True}}
    (target.published / "manifest.json").write_text(json.dumps(manifest))
    assert published_vars(target) == lasting
