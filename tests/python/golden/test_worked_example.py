"""The worked example of the specification, end to end: 17 customers, 61,200.00 USD blocked."""

from __future__ import annotations

import pytest
from golden_checks import (
    DATABASES,
    check_card_rows,
    check_card_values,
    check_identity,
    check_presence,
    check_worklist,
)
from golden_sample import BuiltSample


@pytest.mark.parametrize("database", DATABASES)
def test_card_values(worked_example: BuiltSample, database: str) -> None:
    """The headline and its twin, in the warehouse and as published."""
    check_card_values(worked_example, database)


@pytest.mark.parametrize("database", DATABASES)
def test_every_worklist_row(worked_example: BuiltSample, database: str) -> None:
    """Entity, mapping, values, flags, reason and rank of every absent customer."""
    check_worklist(worked_example, database)


def test_every_row_of_the_sibling_cards(worked_example: BuiltSample) -> None:
    """Orders with their reason, invoices, Dataverse rows, flow runs, active customers."""
    check_card_rows(worked_example)


def test_presence_of_every_active_customer(worked_example: BuiltSample) -> None:
    """Every active order of the window belongs to a customer of the expected presence class."""
    check_presence(worked_example)


def test_no_one_is_split_or_merged(worked_example: BuiltSample) -> None:
    """One commerce customer per expected customer."""
    check_identity(worked_example)


def test_printed_cards(worked_example: BuiltSample) -> None:
    """The run prints the values of the specification."""
    for text in ("17", "61,200.00", "18,400.00", "Wholesale-X", "ALERT"):
        assert text in worked_example.output, f"`python -m pipelines run` does not print {text}"


def test_the_alert_is_a_data_test_too(worked_example: BuiltSample) -> None:
    """Its rows have card, value and threshold."""
    alerts = worked_example.rows(
        "select title, value, threshold from test_failures.no_card_is_in_alert order by title"
    )
    headline = "Ecom customers absent from D365 customer master"
    assert {"title": headline, "value": 17, "threshold": 10} in alerts
