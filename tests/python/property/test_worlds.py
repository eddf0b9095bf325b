"""Random small worlds through the real load and dbt, compared row by row with the oracle.

A fixed number of worlds here; `make fuzz COUNT=50 SEED=7` runs many and saves failing ones.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from fuzz import CASES, draw_worlds
from mart_comparison import compare
from oracle import Oracle
from regressions import REGRESSIONS, regression_world
from world_build import REPOSITORY, SEEDS, build, check
from world_kinds import DELETED, TOGETHER

SEEDS_IN_CI = (101,)
PARTIES = 60


@pytest.fixture(scope="module")
def slot() -> str:
    """A folder below data/property for this pytest worker."""
    return f"pytest-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}-{os.getpid()}"


@pytest.fixture(scope="module", autouse=True)
def _clean(slot: str):
    yield
    shutil.rmtree(REPOSITORY / "data" / "property" / slot, ignore_errors=True)


def report(problems: list[str]) -> str:
    """The differences, readable: relation, row, column, oracle, mart."""
    return "\n  ".join([f"{len(problems)} difference(s) between oracle and marts", *problems[:40]])


@pytest.mark.parametrize("number", SEEDS_IN_CI)
def test_random_world(number: int, tmp_path: Path, slot: str) -> None:
    """A random world gives the same rows in both implementations."""
    (world,) = draw_worlds(1, number, PARTIES)
    extracts, field_map = world.write(tmp_path / "world")
    problems = check(extracts, field_map, world.given, tmp_path / "warehouse", slot)
    assert not problems, report(problems)


def test_random_world_of_every_kind(tmp_path: Path, slot: str) -> None:
    """Also with every kind of input that is an option."""
    (world,) = draw_worlds(1, 103, PARTIES, frozenset(TOGETHER))
    extracts, field_map = world.write(tmp_path / "world")
    problems = check(extracts, field_map, world.given, tmp_path / "warehouse", slot)
    assert not problems, report(problems)


@pytest.mark.parametrize("kind", TOGETHER)
def test_a_kind_alone_changes_texts_and_records_only(kind: str) -> None:
    """The same stores, parties and settings: what differs is of this kind."""
    (plain,), (world,) = (draw_worlds(1, 104, PARTIES, kinds) for kinds in ((), frozenset({kind})))
    assert (world.given, world.field_map) == (plain.given, plain.field_map)
    before, after = ([one.common, *one.parties] for one in (plain, world))
    assert after != before or kind == "other_rate_types"  # no rates in some worlds
    for one, other in zip(before, after, strict=True):
        assert one.keys() == {name for name in other if not name[2].endswith(DELETED)}
        counts = [(len(other[name]), len(one[name])) for name in one]
        is_other = kind in ("later_without_version", "deleted_documents")
        assert is_other or all(now == then for now, then in counts)
    assert draw_worlds(1, 104, PARTIES, frozenset({kind})) == [world]


@pytest.fixture(scope="module")
def regressions(tmp_path_factory: pytest.TempPathFactory, slot: str) -> tuple[Oracle, Path]:
    """All small regression cases in one world, built once."""
    folder = tmp_path_factory.mktemp("regressions")
    world = regression_world()
    extracts, field_map = world.write(folder / "world")
    warehouse = build(extracts, field_map, world.given, folder / "warehouse", slot)
    return Oracle(extracts, field_map, SEEDS, world.given), warehouse


def test_regressions(regressions: tuple[Oracle, Path]) -> None:
    """The regression cases agree."""
    oracle, warehouse = regressions
    problems = compare(warehouse, oracle)
    assert not problems, report(problems)


@pytest.mark.parametrize("name", REGRESSIONS)
def test_regression_means_what_it_says(name: str, regressions: tuple[Oracle, Path]) -> None:
    """The oracle gives the result in its docstring."""
    oracle, _ = regressions
    REGRESSIONS[name].check(oracle)


def test_saved_worlds(tmp_path: Path, slot: str) -> None:
    """The worlds saved by `make fuzz` agree."""
    for case in sorted(CASES.glob("*/settings.json")):
        given = json.loads(case.read_text(encoding="utf-8"))
        folder = case.parent
        warehouse = tmp_path / folder.name
        problems = check(folder / "extracts", folder / "field_map", given, warehouse, slot)
        assert not problems, f"{folder.name}: {report(problems)}"
