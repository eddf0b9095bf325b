"""The golden tables match samples/README.md, and differences are found."""

from __future__ import annotations

from decimal import Decimal

import pytest
from golden_comparison import differences, read_expected
from golden_sample import EXPECTED


@pytest.mark.parametrize(
    ("sample", "customers", "b2b", "blocked", "largest", "in_dataverse"),
    [
        ("worked_example", 17, 6, "61200.00", ("Wholesale-X", "18400.00"), 4),
        ("business_central", 5, 2, "12191.00", ("Sierra Vista Clinics", "7350.00"), 0),
    ],
)
def test_worklist_adds_up_to_the_card(
    sample: str,
    customers: int,
    b2b: int,
    blocked: str,
    largest: tuple[str, str],
    in_dataverse: int,
) -> None:
    """Customers, segments, blocked value, largest customer and Dataverse of the worklist rows."""
    rows = read_expected(EXPECTED / sample / "worklist.csv")
    values: dict[str, Decimal] = {}
    for row in rows:
        value = Decimal(row["blocked_value_reporting"])
        values[row["customer_name"]] = values.get(row["customer_name"], Decimal(0)) + value
    assert len(values) == customers
    assert len({row["customer_name"] for row in rows if row["segment_code"] == "B2B"}) == b2b
    assert sum(values.values()) == Decimal(blocked)
    assert max(values.items(), key=lambda item: item[1]) == (largest[0], Decimal(largest[1]))
    found = {row["customer_name"] for row in rows if row["is_in_dataverse"] == "true"}
    assert len(found) == in_dataverse


@pytest.mark.parametrize("sample", ["worked_example", "business_central"])
def test_absent_customers_of_both_tables_agree(sample: str) -> None:
    """Absent customers in presence.csv have a worklist row, and vice versa."""
    presence = read_expected(EXPECTED / sample / "presence.csv")
    worklist = read_expected(EXPECTED / sample / "worklist.csv")
    absent = {row["customer_name"] for row in presence if row["presence"] == "absent"}
    assert absent == {row["customer_name"] for row in worklist}


def test_a_difference_names_the_row_and_the_column() -> None:
    """The comparison can fail: a wrong cell, a missing row and a surplus row are reported."""
    expected = [
        {"customer_name": "A", "value": "10.00", "ids": "~"},
        {"customer_name": "B", "value": "", "ids": ""},
    ]
    actual = [
        {"customer_name": "A", "value": Decimal("10.01"), "ids": "x"},
        {"customer_name": "C", "value": None, "ids": None},
    ]
    assert differences(expected, actual, ("customer_name",)) == [
        "A: value is '10.01', expected '10'",
        "B: expected one row, found 0",
        "C: not expected, found 1 row(s)",
    ]


def test_equal_values_in_other_spellings_are_no_difference() -> None:
    """Scale of amounts, order of lists and NULL or blank make no difference."""
    expected = [{"name": "A", "value": "5.10", "blocked_values": "CAD 1.50, USD 30.00", "b": ""}]
    actual = [
        {
            "name": "A",
            "value": Decimal("5.1000"),
            "blocked_values": ["USD 30.00", "CAD 1.5"],
            "b": None,
        }
    ]
    assert differences(expected, actual, ("name",)) == []
