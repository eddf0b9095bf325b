"""Seeds: every column typed, nothing that breaks a CSV reader or SQL."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml
from project_files import ROOT

SEEDS = sorted((ROOT / "seeds").rglob("*.csv"))
FIELD_MAPS = sorted((ROOT / "samples").glob("*/field_map/*.csv"))


def header(path: Path) -> list[str]:
    with path.open(newline="", encoding="utf-8") as file:
        return next(csv.reader(file))


def column_types() -> dict[str, dict[str, str]]:
    """Seed name → declared type per column."""
    declared = {}
    for path in (ROOT / "seeds").rglob("*.yml"):
        for seed in yaml.safe_load(path.read_text()).get("seeds", []):
            declared[seed["name"]] = seed.get("config", {}).get("column_types", {})
    return declared


@pytest.mark.parametrize("path", SEEDS + FIELD_MAPS, ids=lambda path: path.stem)
def test_a_seed_has_no_apostrophe(path: Path) -> None:
    lines = [
        number
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "'" in line
    ]
    assert not lines, f"{path.relative_to(ROOT)}: apostrophe in lines {lines}"


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_every_column_of_a_seed_is_typed(path: Path) -> None:
    assert header(path) == list(column_types().get(path.stem, {})), path.relative_to(ROOT)


@pytest.mark.parametrize("path", FIELD_MAPS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_every_field_map_has_the_columns_of_the_shipped_one(path: Path) -> None:
    assert header(path) == header(ROOT / "seeds/field_map" / path.name)


@pytest.mark.parametrize("path", SEEDS + FIELD_MAPS, ids=lambda path: path.stem)
def test_every_row_has_every_column(path: Path) -> None:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    short = [number for number, row in enumerate(rows, 1) if len(row) != len(rows[0])]
    assert not short, f"{path.relative_to(ROOT)}: lines {short}"
