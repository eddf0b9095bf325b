"""Plays days in order and compares each with the recount and the expectations."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import days
import duckdb
from days import Company, Event, write_files
from expectations import Expected
from machine import Done, Machine
from mart_comparison import compare, differences, read_rows
from oracle import Oracle
from oracle_cards import FLOWS_CARD, card_rows
from world_build import REPOSITORY, SEEDS

HEADLINE = "ecom_customers_absent_from_d365_customer_master"
GOOD, REFUSED_BUILD, LEFT_OUT = 0, 1, 2


@dataclass(frozen=True)
class Day:
    """Events of a day, how its files arrive, the exit code, whether it publishes."""

    events: tuple[Event, ...] = ()
    delivery: str = "normal"  # normal | same | none | cut | shrunk
    code: int = GOOD

    @property
    def is_published(self) -> bool:
        return self.delivery not in ("none", "shrunk")


ORDINARY = Day()
CUT = Day((days.order_as_guest, days.cancel_all_orders), "cut", LEFT_OUT)
SHRUNK = Day((days.order_as_guest,), "shrunk", REFUSED_BUILD)
EMPTY = Day(delivery="none", code=LEFT_OUT)
SAME = Day(delivery="same")

KEY_DAYS = (
    ORDINARY,
    Day((days.sign_up, days.order_elsewhere, days.create_in_erp, days.cancel_all_orders)),
    CUT,
    SHRUNK,
    EMPTY,
    Day((days.delete_in_erp, days.order_of_a_held_one)),
)
MONTH = (
    ORDINARY,
    Day((days.create_in_erp,)),
    Day((days.sign_up,)),
    Day((days.cancel_all_orders, days.order_as_guest)),
    SAME,
    Day((days.delete_a_buyer,)),
    Day((days.create_in_erp, days.sign_up)),
    CUT,
    ORDINARY,
    Day((days.delete_in_erp, days.order_of_a_held_one)),
    SHRUNK,
    Day((days.cancel_all_orders,)),
    EMPTY,
    Day((days.create_in_erp, days.create_in_erp)),
    Day((days.sign_up, days.delete_a_buyer)),
    SAME,
    Day((days.order_as_guest, days.delete_in_erp)),
    Day((days.order_of_a_held_one,)),
    CUT,
    Day((days.create_in_erp, days.cancel_all_orders)),
    SHRUNK,
    SHRUNK,
    Day((days.sign_up, days.order_as_guest)),
    Day((days.order_elsewhere,)),
    Day((days.create_in_erp, days.delete_in_erp, days.order_elsewhere)),
    ORDINARY,
    Day((days.delete_a_buyer, days.cancel_all_orders)),
    SAME,
    Day((days.order_as_guest, days.sign_up, days.order_elsewhere)),
    ORDINARY,
)


@dataclass(frozen=True)
class Story:
    """A sample, its first day, and what happens from then on."""

    sample: str
    first: str
    days: tuple[Day, ...]

    @property
    def field_map(self) -> Path:
        own = REPOSITORY / "samples" / self.sample / "field_map"
        return own if own.is_dir() else SEEDS / "field_map"


def play(story: Story, folder: Path) -> list[str]:
    """Run every day of a story; one message per problem. Prints each day and its duration."""
    root = REPOSITORY / "data" / "installations" / f"days-{folder.name}-{os.getpid()}"
    shutil.rmtree(root, ignore_errors=True)
    machine = Machine(root)
    machine.field_map.parent.mkdir(parents=True)
    shutil.copytree(story.field_map, machine.field_map, ignore=shutil.ignore_patterns("*.yml"))
    first = date.fromisoformat(story.first)
    company, expected = Company.of(REPOSITORY / "samples" / story.sample, first), Expected()
    problems: list[str] = []
    try:
        for place, plan in enumerate(story.days):
            day = first + timedelta(days=place)
            found = one_day(machine, company, expected, day, plan)
            problems += [f"{day}: {problem}" for problem in found]
            if len(problems) > 200:
                break
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return problems


def one_day(
    machine: Machine, company: Company, expected: Expected, day: date, plan: Day
) -> list[str]:
    """Play a day, run it and check the result."""
    given = {"as_of": day.isoformat()}
    state = machine.root / "state"
    held = {
        place: list(rows) for place, rows in company.state.items()
        if (place[0], place[2]) in days.MASTERS
    }  # fmt: skip
    if plan.delivery in ("normal", "cut", "shrunk"):
        company.arrive(day)
    happened = []
    for event in plan.events:
        write_files(company.state, state)
        happened.append(event(company, Oracle(state, machine.field_map, SEEDS, given), day))
    if plan.delivery != "same":
        write_files(company.delivery() if plan.delivery != "none" else {}, machine.extracts)
    if plan.delivery in ("normal", "cut", "shrunk"):
        company.changed.clear()
    if plan.delivery in ("cut", "shrunk"):
        spoil(machine, company, plan.delivery)
    if plan.delivery == "cut":
        # yesterday's master stays; the rest of the day counts
        master = days.master_place(company)
        write_files(company.state | {master: held[master]}, state)
    else:
        write_files(company.state, state)
    started = monotonic()
    done = machine.run("daily", given)
    said = f"{day} {plan.delivery}: {', '.join(filter(None, happened)) or 'nothing special'}"
    print(f"{said}; exit code {done.code}, {monotonic() - started:.0f} s", flush=True)
    problems = []
    if done.code != plan.code:
        problems.append(f"exit code {done.code}, not {plan.code}: {done.output[-1500:]}")
    if plan.is_published and not problems:
        problems += look_at(machine, Oracle(state, machine.field_map, SEEDS, given), expected, day)
    if plan.delivery == "cut" and not problems:
        source, _, resource = days.master_place(company)
        problems += [
            f"{row['card_id']} does not say that its customer master was refused"
            for row in machine.query(
                "select card_id, state_reason from cards.card_values where state != 'not_available'"
            )
            if row["card_id"] != FLOWS_CARD
            and f"{source}.{resource}" not in (row["state_reason"] or "")
        ]
    problems += remembered(machine, expected, done)
    return problems


def spoil(machine: Machine, company: Company, how: str) -> None:
    """Cut the last line of the largest customer master, or drop a third of its rows."""
    path = machine.extracts.joinpath(*days.master_place(company)).with_suffix(".jsonl")
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    short = text[: -len(lines[-1]) // 2] if how == "cut" else "".join(lines[: len(lines) * 2 // 3])
    path.write_text(short, encoding="utf-8")


def look_at(machine: Machine, oracle: Oracle, expected: Expected, day: date) -> list[str]:
    """Compare the published day with the recount, its ages and changes with the expectations."""
    problems = compare(machine.marts, oracle)
    rows, changes = expected.publish(day, oracle)
    published = machine.query("select * from cards.card_values")
    problems += differences("published", card_rows(oracle), published, ("card_id",))
    for row in published:
        wanted = expected.previous_value(row["card_id"], day, row["window_days"])
        if row["previous_value"] != wanted:
            card = row["card_id"]
            problems.append(
                f"{card} previous_value: expected {wanted}, mart {row['previous_value']}"
            )
    with duckdb.connect(str(machine.marts), read_only=True) as connection:
        labels: dict[str, str] = dict(
            connection.execute(
                "select customer_id, min(order_key) from core.fct_orders"
                " where customer_id is not null group by customer_id"
            ).fetchall()
        )
        worklist = read_rows(connection, "onboarding.onboarding_worklist", labels)
        changed = read_rows(connection, "onboarding.onboarding_changes", labels)
    problems += differences("worklist", rows, worklist, ("customer", "destination_key"))
    wanted_changes = Counter(change for change, _ in changes)
    found_changes = Counter(row["change"] for row in changed)
    if wanted_changes != found_changes:
        problems.append(
            f"changes: expected {sorted(map(str, changes))}, mart "
            f"{sorted(str((row['change'], row['customer'])) for row in changed)}"
        )
    return problems


def remembered(machine: Machine, expected: Expected, done: Done) -> list[str]:
    """The history contains the published days and their values, and nothing of a failed one."""
    problems = []
    wanted: dict[tuple[str, date], Any] = {
        (card, day): row["value"]
        for day, cards in expected.cards.items()
        for card, row in cards.items()
    }
    places = [machine.published]
    memory = machine.warehouse / "memory.duckdb"
    if memory.exists():
        places.append(memory)
    for path in places:
        if not path.exists():
            continue
        schema = "cards" if path == machine.published else "main"
        with duckdb.connect(str(path), read_only=True) as connection:
            sql = f"select card_id, as_of_date, value from {schema}.card_history"
            found = {(card, day): value for card, day, value in connection.execute(sql).fetchall()}
        if path == memory:
            # the memory comes from what this run or an earlier one published
            extra = {key for key in found if key not in wanted}
            problems += [f"{path.name} remembers {key}, which was never published" for key in extra]
            problems += [
                f"{path.name} {key}: {value}, published {wanted[key]}"
                for key, value in found.items() if key in wanted and wanted[key] != value
            ]  # fmt: skip
        elif found != wanted:
            differing = sorted(set(found.items()) ^ set(wanted.items()), key=str)
            problems.append(f"{path.name} card_history: differs in {differing[:6]}")
    return problems
