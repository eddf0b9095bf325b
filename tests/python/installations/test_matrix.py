"""The matrix of installations: each is built by `python -m pipelines run` and recounted.

Each covers the requirements in its name; only dbt's parsed project is shared.
docs/decisions/0027-days-and-installations-in-tests.md has the cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from claims import alert_texts, claims, page_texts, unsaid
from machine import Machine, machine
from mart_comparison import compare, differences
from oracle_cards import card_rows, missing_resources
from pieces import (
    BC_CA,
    BC_SHARING,
    BC_US,
    COMPANIES,
    DATAVERSE,
    DOCUMENTS,
    ERP,
    FLOWS,
    FO_ACQUIRED,
    FO_DE,
    FO_FR,
    FO_GB,
    FO_US,
    LISTS,
    RATES,
    SHOP_A,
    SHOP_B,
    WEB,
    WEB_2,
    WHOLESALE,
    WHOLESALE_2,
    Installation,
    installation,
)  # fmt: skip

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HEADLINE = "ecom_customers_absent_from_d365_customer_master"
TWIN = "ecom_customers_absent_from_d365"
DATAVERSE_CARD = "customers_in_dataverse_not_promoted_to_d365"
ORDERS_CARD = "commerce_orders_without_business_central_sales_order"
INVOICES_CARD = "ecom_orders_missing_d365_free_text_invoice"
ACTIVE_CARD = "active_customers"
FLOWS_CARD = "power_automate_flow_failures"
FO_DOCUMENTS = ("d365_fo.free_text_invoices", "d365_fo.sales_orders")
FO_CUSTOMERS = ("d365_fo.customers",)
IN_DATAVERSE = ("dataverse.accounts", "dataverse.cdm_companies", "dataverse.contacts")
RUNS = ("power_automate.flow_runs", "power_automate.workflows")
ORDERS = ("commerce.orders",)
ELSEWHERE = (
    "d365_bc.sales_orders of ca-co", "d365_bc.sales_invoices of ca-co",
    "d365_fo.free_text_invoices of fo-acq", "d365_fo.sales_orders of fo-acq",
)  # fmt: skip
# a company of Business Central alone has no free-text invoices
NO_FO = {INVOICES_CARD: FO_CUSTOMERS + FO_DOCUMENTS}


@dataclass(frozen=True)
class Line:
    """An installation, and per card the missing resources that leave it without a number."""

    one: Installation
    missing: dict[str, tuple[str, ...]]


SAME_IDS = (SHOP_A, SHOP_B, WHOLESALE, WHOLESALE_2, WEB, WEB_2)
MATRIX = {
    "one shop (Shopify) and F&O": Line(installation([SHOP_A], [FO_US]), {}),
    "one shop (BigCommerce) and two Business Central companies that share a master": Line(
        installation([WHOLESALE], [BC_US, BC_SHARING]), NO_FO
    ),
    "one shop (Adobe Commerce) and both ERPs": Line(installation([WEB], [FO_US, BC_CA]), {}),
    "two shops of each platform with the same ids, two BC companies": Line(
        installation(SAME_IDS, [BC_US, BC_CA]), NO_FO
    ),
    "three F&O entities of which two share a currency and a customer master, none in USD": Line(
        installation([SHOP_A], [FO_DE, FO_FR, FO_GB]), {}
    ),
    "orders and customers only, without companies": Line(
        installation([SHOP_A], [FO_US]).without(
            *DATAVERSE, *FLOWS, *RATES, *DOCUMENTS, *LISTS, *COMPANIES
        ),
        {
            DATAVERSE_CARD: IN_DATAVERSE,
            ORDERS_CARD: FO_DOCUMENTS,
            INVOICES_CARD: FO_DOCUMENTS,
            FLOWS_CARD: RUNS,
        },
    ),
    "guests only, no accounts table; only the required field-map files; without contacts": Line(
        installation([SHOP_B, WHOLESALE], [FO_US], are_guests=True).without("dataverse.contacts"),
        {DATAVERSE_CARD: ("dataverse.contacts",)},
    ),
    "without the list of flows and rates": Line(
        installation([WEB], [FO_US, FO_GB]).without("power_automate.workflows", *RATES),
        {FLOWS_CARD: ("power_automate.workflows",)},
    ),
    "without documents": Line(
        installation([SHOP_A], [FO_US]).without(*DOCUMENTS),
        {ORDERS_CARD: FO_DOCUMENTS, INVOICES_CARD: FO_DOCUMENTS},
    ),
    "an F&O environment with documents, another and Business Central without": Line(
        installation([SHOP_A], [FO_US, BC_CA, FO_ACQUIRED]).without(*ELSEWHERE),
        {ORDERS_CARD: ELSEWHERE, INVOICES_CARD: ELSEWHERE[1:]},
    ),
    "an ERP but no shop; no run was recorded": Line(
        installation([SHOP_A], [FO_US]).without("shopify").emptied("power_automate.flow_runs"),
        {
            HEADLINE: ORDERS, TWIN: ORDERS, ACTIVE_CARD: ORDERS, ORDERS_CARD: ORDERS,
            INVOICES_CARD: ORDERS,
        },
    ),
    "a shop but no ERP": Line(
        installation([SHOP_A], [FO_US]).without(*ERP),
        {
            HEADLINE: FO_CUSTOMERS, TWIN: FO_CUSTOMERS, ACTIVE_CARD: FO_CUSTOMERS,
            DATAVERSE_CARD: FO_CUSTOMERS, ORDERS_CARD: FO_CUSTOMERS + FO_DOCUMENTS,
            INVOICES_CARD: FO_CUSTOMERS + FO_DOCUMENTS,
        },
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def at_work() -> Iterator[Machine]:
    """One machine for the installations of this process, emptied before each."""
    made = machine("matrix")
    yield made
    made.remove()


@pytest.mark.parametrize("name", MATRIX)
def test_installation(name: str, at_work: Machine, browser: Browser) -> None:
    """It publishes correct numbers and makes no statement about data it does not load."""
    line = MATRIX[name]
    at_work.clear()
    at_work.write(line.one)
    done = at_work.run("run", line.one.given)
    assert done.code == 0, done.output[-3000:]
    oracle = at_work.oracle(line.one.given)
    problems = compare(at_work.marts, oracle)
    published = at_work.query("select * from cards.card_values")
    problems += differences("published", card_rows(oracle), published, ("card_id",))
    for row in published:
        card = row["card_id"]
        wanted = list(line.missing.get(card, ()))
        assert missing_resources(oracle, card) == sorted(wanted), card
        reason = row["state_reason"] or ""
        problems += [f"{card}: {one} is not named: {reason}" for one in wanted if one not in reason]
        if wanted and row["state"] != "not_available":
            problems.append(f"{card}: {row['state']}, without {', '.join(wanted)}")
    shown = alert_texts(at_work) + page_texts(at_work, browser)
    printed = [("printed cards", text) for text in done.output.splitlines()]
    for reason in {row["state_reason"] for row in published if row["state_reason"]}:
        problems += unsaid(reason, "page", shown) + unsaid(reason, "printed cards", printed)
    problems += claims(at_work, line.one, shown)
    assert not problems, "\n  ".join([f"{len(problems)} problem(s)", *problems[:60]])
