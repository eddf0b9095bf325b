"""The Business Central sample as extract records."""

from __future__ import annotations

from dataclasses import replace

from samples.generator import d365_bc, power_automate
from samples.generator.build import (
    Placed,
    Sample,
    Store,
    add_bc_customer,
    add_document,
    add_quotes,
    add_scenarios,
)
from samples.generator.business_central import scenarios as data
from samples.generator.shapes import Bc, Document, Order, Scenario
from samples.generator.sibling_cards import Siblings

ORG = "ustrade-prod"
FAILED_ORDER_FLOW = "2026-04-03T06:00:00Z"
STORES = {
    "b2b": Store("bigcommerce", "b2b-us", "BC-PO-"),
    "adobe": Store("adobe_commerce", "main", "ADC-PO-"),
}


def _everyday() -> list[Scenario]:
    scenarios = []
    for position, (name, email, place, store) in enumerate(data.EVERYDAY):
        number = f"C{10041 + position}"
        in_window = Order(
            store,
            f"2026-04-{7 + position % 5:02d}T1{position}:20:00Z",
            f"{84 + 31 * position}.50",
            f"{5 + 2 * position}.10",
            status="complete" if store == "adobe" else "10",
            documents=(
                Document("sales_invoice", number, "us-trade", "external", "prefix_id", "Open"),
            ),
        )
        before = replace(
            in_window, at=f"2026-03-{16 + position}T15:30:00Z", net=f"{61 + 17 * position}.00"
        )
        scenarios.append(
            Scenario(
                name,
                "Everyday customer: same e-mail in Business Central",
                "present",
                home=place,
                email=email,
                segment="B2B" if store == "b2b" else "DTC",
                orders=(before, in_window),
                bc=(Bc(number, email=email),),
            )
        )
    return scenarios


def scenarios() -> list[Scenario]:
    """All commerce customers of the Business Central sample."""
    return [
        *data.ABSENT,
        *data.TAX_ID_ONLY,
        *data.PRESENT,
        *data.BLOCKED_AND_COVERED,
        *data.NOT_ACTIVE,
        *_everyday(),
    ]


def _add_masters(sample: Sample) -> None:
    sample.add(
        "d365_bc",
        "us-trade",
        "companies",
        d365_bc.company_row("us-trade", "US Trade Inc"),
        d365_bc.company_row("ca-trade", "CA Trade Ltd"),
    )
    place = Scenario("", "", "", home="newark", company=True)
    add_bc_customer(sample, Bc("WEB-PR", name="Web customers Puerto Rico", place="sanjuan"), place)
    web = sample.bc_customers["us-trade", "WEB-PR"]
    sample.add("d365_bc", "us-trade", "customer_contacts", d365_bc.contacts_row(web))
    for position, (company, name) in enumerate(data.OTHER_CUSTOMERS):
        domain = "".join(letter for letter in name.lower() if letter.isalpha())
        home = "toronto" if company == "ca-trade" else ("tampa", "fresno", "toledo")[position % 3]
        number = f"{'D2' if company == 'ca-trade' else 'C1'}{900 + position:04d}"
        blocked = "All" if position == 3 else "_x0020_"
        add_bc_customer(
            sample,
            Bc(number, company, name, f"office@{domain}.example", blocked=blocked, place=home),
            place,
        )


def _add_rates(sample: Sample) -> None:
    rate = d365_bc.exchange_rate_row
    sample.add(
        "d365_bc",
        "us-trade",
        "currency_exchange_rates",
        rate("us-trade", "CAD", "2026-01-01", "73"),
        rate("us-trade", "EUR", "2026-01-01", "125"),
    )
    sample.add(
        "d365_bc",
        "ca-trade",
        "currency_exchange_rates",
        rate("ca-trade", "USD", "2026-01-01", "140"),
    )


def _add_other_documents(sample: Sample) -> None:
    """An order and an invoice of telephone customers."""
    # ca-trade has no posted invoices: an empty file, because no file would mean not loaded
    sample.add("d365_bc", "ca-trade", "sales_invoices")
    order = Order("phone", "2026-04-02T09:00:00Z", "3100.00", "0.00", po_number="TEL-88")
    placed = Placed(Scenario("", "", ""), order, Store("", "", ""), 0, "", 0, 0)
    add_document(
        sample,
        "business_central",
        Document("sales_order", "C10900", "us-trade", "external", "po_number", "Draft"),
        placed,
    )
    add_document(
        sample,
        "business_central",
        Document("sales_invoice", "C10901", "us-trade", "external", "po_number", "Draft"),
        placed,
    )


CREATE, ORDER = "Ecom - Create BC customer", "Ecom - Create BC sales order"


def _add_flows(sample: Sample) -> None:
    sample.add(
        "power_automate",
        ORG,
        "workflows",
        power_automate.workflow_row(CREATE),
        power_automate.workflow_row(ORDER, 0),
    )
    run = power_automate.run_row
    sample.add(
        "power_automate",
        ORG,
        "flow_runs",
        run(CREATE, 1, "2026-04-01T07:00:00Z"),
        run(CREATE, 2, "2026-04-08T07:00:00Z"),
        run(CREATE, 3, "2026-04-12T07:00:00Z", "Failed", "ActionFailed", "Company is locked"),
        run(ORDER, 4, FAILED_ORDER_FLOW, "Failed", "ActionFailed", "The item is blocked"),
    )
    # no gaps in the flow runs: an empty file, because no file would mean not loaded
    sample.add("power_automate", ORG, "flow_events")


def build() -> Sample:
    """All records of the Business Central sample."""
    sample = Sample(STORES)
    customers = scenarios()
    add_scenarios(sample, customers)
    add_quotes(sample, data.QUOTES, customers)
    _add_masters(sample)
    for scenario in customers:
        for row in scenario.bc:
            add_bc_customer(sample, row, scenario)
    for placed in sample.placed:
        for document in placed.order.documents:
            add_document(sample, "business_central", document, placed)
    _add_other_documents(sample)
    _add_rates(sample)
    _add_flows(sample)
    return sample


def siblings() -> Siblings:
    """Expected rows of the other cards that do not follow from the scenarios."""
    return Siblings(
        failed_order_flows=(FAILED_ORDER_FLOW,),
        failed_runs=((CREATE, 3, "creates_customer"),),
        dataverse={},
        organisation=ORG,
        has_fo=False,
    )
