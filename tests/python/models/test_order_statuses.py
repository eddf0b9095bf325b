"""The order states of the shipped field map are those of the specification."""

from __future__ import annotations

import csv

import pytest
from model_files import ROOT

MAPS = [
    path
    for path in (
        ROOT / "seeds/field_map/field_map_order_statuses.csv",
        ROOT / "samples/business_central/field_map/field_map_order_statuses.csv",
    )
    if path.exists()
]
STATES = {"active", "cancelled", "quote", "test", "incomplete", "refunded"}
EXPECTED = {
    "shopify": {
        "active": "PAID PARTIALLY_PAID PARTIALLY_REFUNDED PENDING AUTHORIZED NONE",
        "refunded": "REFUNDED",
        "cancelled": "CANCELLED VOIDED EXPIRED",
        "test": "TEST",
    },
    "bigcommerce": {
        "active": "1 2 3 7 8 9 10 11 12 13 14",
        "incomplete": "0",
        "refunded": "4",
        "cancelled": "5 6 DELETED",
        "test": "TEST",
    },
    "adobe_commerce": {
        "active": "new pending_payment processing complete closed holded payment_review",
        "cancelled": "canceled",
    },
}


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.parent.parent.name)
def test_every_known_status_has_the_state_of_the_specification(path) -> None:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    found = {(row["platform"], row["raw_status"]): row["order_state"] for row in rows}
    assert set(found.values()) <= STATES
    assert len(found) == len(rows), "a status is listed twice"
    for platform in {row["platform"] for row in rows}:
        expected = {
            (platform, status): state
            for state, statuses in EXPECTED[platform].items()
            for status in statuses.split()
        }
        assert {key: state for key, state in found.items() if key[0] == platform} == expected
