"""Runs many random worlds: `make fuzz COUNT=20 SEED=1 KINDS=masked,relays`. Failing worlds are saved
as cases.

A failing world is reduced to the parties of the differences and written below
tests/python/property/cases/, where the suite rebuilds it on every run.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from world_build import BuildError, check
from world_kinds import KINDS, TOGETHER
from worlds import World, worlds

CASES = Path(__file__).resolve().parent / "cases"


def draw_worlds(
    count: int, start: int, parties: int, kinds: frozenset[str] = frozenset()
) -> list[World]:
    """The same numbers give the same worlds; `kinds` only spells them otherwise."""
    drawn: list[World] = []

    @seed(start)
    @settings(
        max_examples=count + 1,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(worlds(parties, kinds))
    def draw(world: World) -> None:
        drawn.append(world)

    draw()
    return drawn[1 : count + 1]  # the first one is always the simplest


def named_parties(problems: list[str], world: World) -> set[int]:
    """The parties of the order ids in the differences; two in a row share their ids."""
    ids = {int(number) for text in problems for number in re.findall(r"[:| ]0*(\d{4,5})\b", text)}
    pairs = {(number - 1000) // 100 for number in ids}
    return {2 * pair + one for pair in pairs for one in (0, 1)} & set(range(len(world.parties)))


def check_world(world: World, folder: Path) -> list[str]:
    """Write, build and compare one world."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        extracts, field_map = world.write(Path(scratch) / "world")
        return check(extracts, field_map, world.given, Path(scratch) / "warehouse", "fuzz")


def smaller(world: World, problems: list[str], folder: Path) -> tuple[World, list[str]]:
    """The world with only the relevant parties, if it still disagrees."""
    for kept in (
        sorted(named_parties(problems, world))[:2],
        sorted(named_parties(problems, world)),
    ):
        if kept:
            reduced = world.without(set(range(len(world.parties))) - set(kept))
            found = check_world(reduced, folder)
            if found:
                return reduced, found
    return world, problems


def main() -> int:
    """Exit code 1 if a world disagrees."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parties", type=int, default=80)
    parser.add_argument("--kinds", default="", help=f"all, or of: {', '.join(KINDS)}")
    wanted = parser.parse_args()
    kinds = frozenset(TOGETHER if wanted.kinds == "all" else filter(None, wanted.kinds.split(",")))
    if unknown := kinds - set(KINDS):
        parser.error(f"no such kind: {', '.join(sorted(unknown))}")
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(wanted.seed, wanted.seed + wanted.count):
            (world,) = draw_worlds(1, number, wanted.parties, kinds)
            try:
                problems = check_world(world, Path(folder))
                if problems:
                    world, problems = smaller(world, problems, Path(folder))
            except BuildError as error:
                problems = [str(error)]
            print(f"seed {number}: {len(problems)} difference(s)", flush=True)
            if problems:
                failures += 1
                world.write(CASES / f"seed_{number}")
                print("  " + "\n  ".join(problems[:20]), flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
