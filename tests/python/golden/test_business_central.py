"""The Business Central sample, end to end: headline 5, twin 6, and why they differ."""

from __future__ import annotations

from decimal import Decimal

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


def test_no_one_is_split_or_merged(business_central: BuiltSample) -> None:
    """One commerce customer per expected customer."""
    check_identity(business_central)


def test_the_two_oldest_orders_of_the_order_card(business_central: BuiltSample) -> None:
    """The orders of the specification: reference, customer, value, reason, days."""
    rows = business_central.rows(
        """
        select orders.order_reference, customers.customer_name, orders.platform,
            orders.order_value_reporting, orders.reason, orders.age_days
        from cards.card_commerce_orders_without_business_central_sales_order as orders
        inner join core.dim_commerce_customers as customers
            on orders.customer_id = customers.customer_id
        where orders.age_days >= 14 and orders.reason = 'unmapped_customer'
        order by orders.age_days desc
        """
    )
    wanted = (
        ("ADC-PO-44821", "Wholesale-X", "adobe_commerce", Decimal("18400.00"), 21),
        ("BC-PO-2284502", "Newcorp Trading", "bigcommerce", Decimal("14200.00"), 14),
    )
    assert [
        (row["order_reference"], row["customer_name"], row["platform"],
         row["order_value_reporting"], row["age_days"])
        for row in rows
    ] == list(wanted)  # fmt: skip


def test_every_reason_of_the_order_card_occurs(business_central: BuiltSample) -> None:
    """At least one row of each of the six."""
    rows = business_central.rows(
        "select distinct reason from "
        "cards.card_commerce_orders_without_business_central_sales_order"
    )
    assert {row["reason"] for row in rows} == {
        "awaiting_sync",
        "mapping_conflict",
        "unmapped_customer",
        "connector_error",
        "field_validation",
        "unexplained",
    }
