"""A card of 0 is a good day: it is published with state ok.

The worked example on days before, within and after its data. CI runs a day with every card
at 0 and one with a single card; `make days` runs all.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from machine import Machine, machine
from mart_comparison import compare, differences
from oracle import Oracle
from oracle_cards import (
    ACTIVE_CARD,
    DATAVERSE_CARD,
    FLOWS_CARD,
    HEADLINE,
    INVOICES_CARD,
    ORDERS_CARD,
    TWIN,
    card_rows,
)
from world_build import REPOSITORY, SEEDS

EXTRACTS = REPOSITORY / "samples" / "worked_example"
FIELD_MAP = SEEDS / "field_map"
CARDS = {HEADLINE, TWIN, DATAVERSE_CARD, ORDERS_CARD, INVOICES_CARD, ACTIVE_CARD, FLOWS_CARD}
WEEKLY = {HEADLINE, TWIN, DATAVERSE_CARD}
# as-of → the cards at 0
QUIET = {
    "2026-04-11": {FLOWS_CARD},
    "2024-02-29": CARDS,
}
MORE = {
    "2026-04-13": {FLOWS_CARD},
    "2026-02-28": WEEKLY | {INVOICES_CARD, FLOWS_CARD},
    "2026-04-25": WEEKLY | {FLOWS_CARD},
    "2026-11-01": CARDS,
}


@pytest.fixture(scope="module")
def at_work() -> Iterator[Machine]:
    """One warehouse for all days, in the order of the list."""
    made = machine("quiet")
    yield made
    made.remove()


@pytest.mark.parametrize(
    ("as_of", "silent"),
    [*QUIET.items(), *(pytest.param(*one, marks=pytest.mark.days) for one in MORE.items())],
)
def test_a_quiet_day_publishes(as_of: str, silent: set[str], at_work: Machine) -> None:
    words = ("--extracts", str(EXTRACTS), "--as-of", as_of, "--field-map", str(FIELD_MAP))
    done = at_work.call("run", *words)
    assert done.code == 0, done.output[-3000:]
    published = at_work.query("select * from cards.card_values")
    assert {str(row["as_of_date"]) for row in published} == {as_of}
    assert {row["card_id"] for row in published if row["value"] == 0} == silent
    assert {row["state"] for row in published if row["value"] == 0} == {"ok"}
    oracle = Oracle(EXTRACTS, FIELD_MAP, SEEDS, {"as_of": as_of})
    problems = compare(at_work.marts, oracle)
    problems += differences("published", card_rows(oracle), published, ("card_id",))
    assert not problems, "\n  ".join([f"{len(problems)} problem(s)", *problems[:40]])
