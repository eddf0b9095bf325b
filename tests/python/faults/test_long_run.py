"""Sixty simulated days by the daily command end where one load of everything ends; sizes and seconds
stay flat."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any

import duckdb
from days import Company, write_files
from machine import Machine
from machine_room import only_whole
from world_build import REPOSITORY, SEEDS

LAST = date(2026, 4, 12)
DAYS = int(os.environ.get("FAULT_DAYS") or 60)
SAME = {
    "cards.card_values": "card_id, value, b2b_value, dtc_value, reporting_value, state",
    "cards.fct_orders": "order_key, order_state, order_value, expected_legal_entity_id, customer_presence",
    "worklist.onboarding_worklist": "worklist_rank, customer_name, emails, order_count,"
    " blocked_value_reporting, primary_reason",
}


def content(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    with duckdb.connect(str(file), read_only=True) as con:
        return {
            table: con.execute(f"select {columns} from {table} order by all").fetchall()
            for table, columns in SAME.items()
        }


def megabytes(folder: Path) -> tuple[float, ...]:
    names = ("raw.duckdb", "warehouse.duckdb", "memory.duckdb", "published/marts.duckdb")
    return tuple(round((folder / name).stat().st_size / 1e6, 1) for name in names)


@only_whole
def test_sixty_days(tmp_path: Path, record_property: Callable[[str, Any], None]) -> None:
    machines = [Machine(tmp_path / name) for name in ("days", "once")]
    for one in machines:
        one.warehouse.mkdir(parents=True)
        shutil.copytree(SEEDS / "field_map", one.field_map)
    daily, once = machines
    first = LAST - timedelta(days=DAYS - 1)
    company = Company.of(REPOSITORY / "samples" / "worked_example", first)
    measured: list[tuple[float, ...]] = []
    for number in range(DAYS):
        day = first + timedelta(days=number)
        company.arrive(day)
        write_files(company.delivery(), daily.extracts)
        company.changed.clear()
        started = monotonic()
        done = daily.run("daily", {"as_of": day.isoformat()})
        assert done.code in (0, 1), f"{day}: {done.output[-3000:]}"
        measured.append((monotonic() - started, *megabytes(daily.warehouse)))
        print(day, measured[-1], flush=True)
    write_files(company.state, once.extracts)
    done = once.run("daily", {"as_of": LAST.isoformat()})
    assert done.code == 0, done.output[-3000:]
    assert content(daily.published) == content(once.published)
    rows = [
        "| day | seconds | raw | warehouse | memory | published (MB) |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for number in sorted({0, *range(9, DAYS, 10), DAYS - 1}):
        seconds, *sizes = measured[number]
        rows.append(f"| {number + 1} | {seconds:.0f} | {' | '.join(map(str, sizes))} |")
    record_property("tried", DAYS)
    record_property("measured", "\n".join([f"{DAYS} days of the sample:", "", *rows]))
    third = max(1, DAYS // 3)
    seconds = [one[0] for one in measured]
    assert median(seconds[-third:]) < 2 * median(seconds[third : 2 * third])
    for place in range(1, 5):
        assert measured[-1][place] < 2 * measured[2 * third - 1][place] + 1, measured[-1]
