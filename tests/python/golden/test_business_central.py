"""The Business Central sample, end to end: headline 5, twin 6, and why they differ."""

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
def test_card_values(business_central: BuiltSample, database: str) -> None:
    """The headline and its twin, in the warehouse and as published."""
    check_card_values(business_central, database)


@pytest.mark.parametrize("database", DATABASES)
def test_every_worklist_row(business_central: BuiltSample, database: str) -> None:
    """Entity, mapping, values, flags, reason and rank of every absent customer."""
    check_worklist(business_central, database)


def test_every_row_of_the_sibling_cards(business_central: BuiltSample) -> None:
    """Orders with their reason, invoices, Dataverse rows, flow runs, active customers."""
    check_card_rows(business_central)


def test_presence_of_every_active_customer(business_central: BuiltSample) -> None:
    """Every active order of the window belongs to a customer of the expected presence class."""
    check_presence(business_central)


def test_nobody_is_split_or_merged(business_central: BuiltSample) -> None:
    """One commerce customer per expected customer."""
    check_identity(business_central)
