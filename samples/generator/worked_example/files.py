"""The worked example as extract records: scenarios, everyday customers, the rest of D365."""

from __future__ import annotations

import random
from dataclasses import replace

from samples.generator import d365_fo, dataverse, power_automate, worked_example
from samples.generator.build import (
    Placed,
    Sample,
    Store,
    add_dataverse,
    add_document,
    add_fo_customer,
    add_quotes,
    add_scenarios,
    usual_documents,
)
from samples.generator.dataverse import dataverse_id
from samples.generator.shapes import Dataverse, Document, Fo, Order, Scenario
from samples.generator.sibling_cards import Siblings
from samples.generator.worked_example import absent, everyday, not_counted, present

SEED = 20260412
FO, ORG = "fo-prod", "ustrade-prod"
STORES = {
    "b2b": Store("bigcommerce", "b2b-us", "BC-"),
    "dtc": Store("shopify", "dtc-us", "SHP-"),
    "popup": Store("shopify", "popup-eu", "POP-", is_in_scope=False),
}
US_PLACES = ("austin", "portland", "duluth", "boise", "tampa", "denver", "newark", "fresno")
CA_PLACES = ("toronto", "montreal", "vancouver", "halifax")


def _amount(chance: random.Random, low: int, high: int) -> str:
    return f"{chance.randint(low * 100, high * 100) / 100:.2f}"


def _everyday_orders(
    chance: random.Random, store: str, by: str, currency: str, tax_rate: float
) -> tuple[Order, ...]:
    """One or two orders in the window, up to three in earlier weeks and months."""
    low, high = (400, 4800) if store == "b2b" else (25, 420)
    days = [f"2026-04-{chance.randint(6, 11):02d}" for _ in range(chance.randint(1, 2))]
    days += [f"2026-03-{chance.randint(14, 31):02d}" for _ in range(chance.randint(0, 2))]
    if chance.random() < 0.35:
        days.append(f"2026-0{chance.randint(1, 2)}-{chance.randint(3, 28):02d}")
    orders = []
    for day in sorted(days):
        net = _amount(chance, low, high)
        is_old = day < "2026-04-01"
        status = (
            ("10" if is_old else chance.choice(("11", "9", "2", "3", "8")))
            if store == "b2b"
            else chance.choice(("PAID", "PAID", "PAID", "AUTHORIZED"))
        )
        time = (
            f"{chance.randint(5, 23):02d}:{chance.randint(0, 59):02d}:{chance.randint(0, 59):02d}"
        )
        orders.append(
            Order(
                store,
                f"{day}T{time}Z",
                net,
                f"{float(net) * tax_rate:.2f}",
                currency,
                status,
                by,
                shipping="12.50",
                discount=chance.choice(("0.00", "0.00", "5.00")),
                fulfilled=is_old,
                closed=is_old and chance.random() < 0.5,
                po_number=f"PO-{chance.randint(20000, 89999)}" if store == "b2b" else "",
            )
        )
    return tuple(orders)


def _everyday(chance: random.Random) -> list[Scenario]:
    scenarios = []
    for position, (name, email, place) in enumerate(everyday.EVERYDAY_DTC_US):
        scenarios.append(
            Scenario(
                name,
                "Everyday customer: same primary e-mail in D365",
                "present",
                home=place,
                email=email,
                orders=_everyday_orders(chance, "dtc", "account", "USD", 0.07),
                fo=(Fo(f"US-{301 + position:04d}", email=email),),
                account_tax_id=(
                    everyday.PROVIDER_TAX_ID if position < everyday.PROVIDER_TAX_ID_ACCOUNTS else ""
                ),
            )
        )
    for position, (name, email, place) in enumerate(everyday.EVERYDAY_DTC_CA):
        scenarios.append(
            Scenario(
                name,
                "Everyday customer of the Canadian entity",
                "present",
                home=place,
                email=email,
                orders=_everyday_orders(chance, "dtc", "account", "CAD", 0.13),
                fo=(Fo(f"CA-{301 + position:04d}", "catr", email=email),),
            )
        )
    for position, (name, email, place, contact) in enumerate(everyday.EVERYDAY_B2B):
        scenarios.append(
            Scenario(
                name,
                "Everyday company: same primary e-mail in D365",
                "present",
                home=place,
                email=email,
                contact=contact,
                company=True,
                segment="B2B",
                orders=_everyday_orders(chance, "b2b", "company", "USD", 0.0825),
                fo=(Fo(f"US-{351 + position:04d}", email=email),),
            )
        )
    return scenarios


def scenarios() -> list[Scenario]:
    """All commerce customers of the worked example."""
    return [
        *absent.ABSENT_B2B,
        *absent.ABSENT_DTC,
        *present.PRESENT,
        *present.BLOCKED,
        *present.COVERED,
        *not_counted.UNIDENTIFIABLE,
        *not_counted.NOT_ACTIVE,
        *_everyday(random.Random(SEED)),
    ]


def _add_phone_customers(sample: Sample, chance: random.Random) -> None:
    """D365 customers that never ordered in a shop, with their own orders and invoices."""
    default = Scenario("", "", "", home="newark")
    add_fo_customer(sample, FO, Fo("US-WALKIN", name="Walk-in customers", one_time="Yes"), default)
    add_fo_customer(
        sample, FO, Fo("US-ONETIME", name="One-time web customers", one_time="Yes"), default
    )
    add_fo_customer(
        sample,
        FO,
        Fo("US-0500", name="Bazaar Market Settlement", email="noreply@bazaar-market.example"),
        default,
    )
    add_fo_customer(
        sample,
        FO,
        Fo(
            "MX-0002",
            "mxtr",
            name="Distribuidora del Golfo",
            email="compras@delgolfo.example",
            place="monterrey",
        ),
        default,
    )
    named = [
        ("ustr", f"US-{501 + n:04d}", name, US_PLACES[n % len(US_PLACES)])
        for n, name in enumerate(everyday.PHONE_CUSTOMERS_US)
    ]
    named += [
        ("catr", f"CA-{501 + n:04d}", name, CA_PLACES[n % len(CA_PLACES)])
        for n, name in enumerate(everyday.PHONE_CUSTOMERS_CA)
    ]
    for position, (entity, account, name, place) in enumerate(named):
        domain = "".join(letter for letter in name.lower() if letter.isalpha())
        row = Fo(
            account,
            entity,
            name=name,
            email=f"office@{domain}.test",
            place=place,
            hold="All" if position % 19 == 7 else "No",
            iso_code=position % 6 != 5,
            further=(f"ap@{domain}.test",) if position % 4 == 0 else (),
        )
        customer = replace(default, name=name, home=place, company=True)
        add_fo_customer(sample, FO, row, customer)
        if position % 2 == 0:
            currency = "CAD" if entity == "catr" else "USD"
            order = Order(
                "phone",
                f"2026-0{chance.randint(2, 4)}-0{chance.randint(1, 9)}T14:00:00Z",
                _amount(chance, 300, 9000),
                currency=currency,
                po_number=f"TEL-{7000 + position}",
            )
            kind = "free_text_invoice" if position % 4 == 0 else "sales_order"
            state = "posted" if kind == "free_text_invoice" else "open"
            document = Document(kind, account, entity, "reference", "po_number", state)
            add_document(
                sample, FO, document, Placed(customer, order, Store("", "", ""), 0, "", 0, 0)
            )


def _add_documents(sample: Sample) -> None:
    """The documents of the scenarios, and the usual ones of all customers in D365."""
    for position, placed in enumerate(list(sample.placed)):
        scenario = placed.scenario
        for document in placed.order.documents:
            add_document(sample, FO, document, placed)
        if scenario.presence == "present" and scenario.fo and placed.is_active:
            for document in usual_documents(
                placed, worked_example.WINDOW_END, position, scenario.fo[0]
            ):
                add_document(sample, FO, document, placed)


def _add_rates(sample: Sample) -> None:
    rate = d365_fo.exchange_rate_row
    sample.add(
        "d365_fo",
        FO,
        "exchange_rates",
        rate("CAD", "USD", "2025-10-01", "71.9", "Hundred", "2025-12-31"),
        rate("CAD", "USD", "2026-01-01", "72.4", "Hundred", "2026-03-31"),
        rate("CAD", "USD", "2026-04-01", "73.5", "Hundred", "2026-04-09"),
        rate("CAD", "USD", "2026-04-10", "74", "Hundred"),
        rate("CAD", "USD", "2026-04-20", "90", "Hundred"),
        rate("USD", "EUR", "2026-01-01", "0.8", "One"),
        rate("USD", "EUR", "2026-05-01", "0.5", "One"),
        rate("MXN", "CAD", "2026-01-01", "7.5", "Hundred"),
        rate("GBP", "USD", "2026-01-01", "1.31", "One"),
        rate("CAD", "USD", "2026-01-01", "80", "Hundred", rate_type="Budget"),
        rate("AED", "USD", "2026-01-01", "0.27", "One", rate_type="Budget"),
        rate("AED", "USD", "2026-05-01", "0.28", "One"),
    )
    currency = dataverse.currency_row
    sample.add(
        "dataverse",
        ORG,
        "transactioncurrencies",
        currency("USD", "US Dollar", "1"),
        currency("CAD", "Canadian Dollar", "1.4"),
        currency("EUR", "Euro", "0.9"),
        currency("JPY", "Japanese Yen", "150", 0),
    )


def _add_masters(sample: Sample) -> None:
    sample.add(
        "d365_fo",
        FO,
        "legal_entities",
        d365_fo.legal_entity_row("ustr", "US Trade Inc", "US", "America/New_York"),
        d365_fo.legal_entity_row("catr", "CA Trade ULC", "CA", "America/Toronto"),
        d365_fo.legal_entity_row("mxtr", "MX Trade SA de CV", "MX", "America/Mexico_City"),
    )
    # a buyer who left, and the contact of a prospect: neither finds a customer
    sample.add(
        "d365_fo",
        FO,
        "contact_persons",
        d365_fo.contact_row(1, "000004200", "purchasing@harborline-supply.test", "Yes"),
        d365_fo.contact_row(2, "000009001", "ap@wholesale-x.test", "No"),
    )
    sample.add(
        "dataverse",
        ORG,
        "cdm_companies",
        dataverse.company_row("USTR", "US Trade Inc"),
        dataverse.company_row("CATR", "CA Trade ULC"),
        dataverse.company_row("MXTR", "MX Trade SA de CV"),
    )


def leads() -> tuple[Dataverse, ...]:
    """Dataverse rows without orders, one per reason that dual-write skips a row."""
    return (
        Dataverse(
            "account", name="Larkspur Prospects", email="hi@larkspur.test", customer_type=None
        ),
        Dataverse(
            "account",
            name="Tamarack Partners",
            email="info@tamarack.test",
            customer_type=5,
            company="",
        ),
        Dataverse("account", name="Wildrose Bakery", email="oven@wildrose.test", number="US-0777"),
        Dataverse("account", name="Yarrow Clinics", email="care@yarrow.test", active=False),
        Dataverse(
            "contact", name="Ruben Castellanos", email="ruben@castellanos.test", sellable=False
        ),
        Dataverse("contact", name="Paige Lindgren", email="paige@lindgren.test", company="MXTR"),
    )


def _add_dataverse_rows(sample: Sample, customers: list[Scenario]) -> None:
    """Dual-write of every third D365 customer, the rows of the scenarios, and some leads."""
    for position, scenario in enumerate(customers):
        for row in scenario.dataverse:
            add_dataverse(sample, ORG, row, scenario)
        if scenario.presence == "present" and scenario.fo and position % 3 == 0:
            fo = scenario.fo[0]
            kind = "account" if scenario.company or fo.name else "contact"
            add_dataverse(
                sample,
                ORG,
                Dataverse(
                    kind,
                    company=fo.entity.upper(),
                    number=fo.account,
                    email=fo.email.split(";")[0].strip(),
                    tax_id=fo.tax_id,
                    created="2025-06-11T08:00:00Z",
                ),
                scenario,
            )
    place = Scenario("", "", "", home="denver")
    for lead in leads():
        add_dataverse(sample, ORG, lead, place)


def _add_flows(sample: Sample) -> None:
    create, sync = "Ecom - Create D365 customer (Shopify)", "Ecom - Sync order to F&O"
    invoice, digest = "Ecom - Post invoice status", "HR - Birthday digest"
    legacy = "Ecom - Create D365 customer (BigCommerce)"
    sample.add(
        "power_automate",
        ORG,
        "workflows",
        power_automate.workflow_row(create),
        power_automate.workflow_row(sync),
        power_automate.workflow_row(invoice),
        power_automate.workflow_row(legacy, 2, "Suspended: connection not renewed"),
        power_automate.workflow_row(digest),
    )
    run = power_automate.run_row
    for number in range(24):
        sample.add(
            "power_automate",
            ORG,
            "flow_runs",
            run(sync, number, f"2026-04-{6 + number // 4:02d}T{5 + number % 4 * 4:02d}:00:00Z"),
        )
    for number, day in enumerate(("02", "03", "05", "07", "09", "11"), start=100):
        failed = day in ("03", "05")
        sample.add(
            "power_automate",
            ORG,
            "flow_runs",
            run(
                create,
                number,
                f"2026-04-{day}T06:00:00Z",
                "Failed" if failed else "Succeeded",
                "ActionFailed" if failed else "",
                "Number sequence is exhausted" if failed else "",
            ),
        )
    parent = run(
        sync, 200, "2026-04-12T13:00:00Z", "Failed", "BadGateway", "The service did not answer"
    )
    sample.add(
        "power_automate",
        ORG,
        "flow_runs",
        parent,
        run(
            sync,
            201,
            "2026-04-12T13:00:02Z",
            "Failed",
            "BadGateway",
            "Child of a failed run",
            parent=parent["name"],
        ),
        run(
            sync,
            202,
            "2026-04-12T13:20:00Z",
            "Failed",
            "BadGateway",
            "Resubmitted: the service did not answer",
        ),
        run(invoice, 203, "2026-04-12T22:10:00Z", "TimedOut", "ActionTimedOut", "No answer"),
        run(digest, 204, "2026-04-12T09:00:00Z", "Failed", "ActionFailed", "Mailbox is full"),
    )
    sample.add(
        "power_automate",
        ORG,
        "flow_events",
        power_automate.event_row("IngestionRateDataLoss", "2026-04-12T14:00:00Z", sync),
        power_automate.event_row("TtlSettingEqual0", "2026-04-02T14:00:00Z", digest),
    )


def build() -> Sample:
    """All records of the worked example."""
    sample = Sample(STORES)
    customers = scenarios()
    add_scenarios(sample, customers)
    add_quotes(sample, not_counted.QUOTES, customers)
    for scenario in customers:
        for row in scenario.fo:
            add_fo_customer(sample, FO, row, scenario)
    _add_phone_customers(sample, random.Random(SEED + 1))
    _add_documents(sample)
    _add_masters(sample)
    _add_rates(sample)
    _add_dataverse_rows(sample, customers)
    _add_flows(sample)
    return sample


# Wholesale-X and Yarrow Clinics are not counted: created before the window, and not active.
DATAVERSE_REASONS = {
    "Priya Raman": "not_sellable",
    "Owen Tackett": "no_account_number",
    "Lukas Feldmann": "account_number_not_in_master",
    "Larkspur Prospects": "not_customer_type",
    "Tamarack Partners": "not_customer_type",
    "Wildrose Bakery": "account_number_not_in_master",
    "Ruben Castellanos": "not_sellable",
    "Paige Lindgren": "wrong_company",
}


def siblings() -> Siblings:
    """Expected rows of the other cards that do not follow from the scenarios."""
    sync, invoice = "Ecom - Sync order to F&O", "Ecom - Post invoice status"
    rows = [(scenario.name, row) for scenario in scenarios() for row in scenario.dataverse]
    rows += [(row.name, row) for row in leads()]
    return Siblings(
        failed_order_flows=("2026-04-12T13:00:00Z", "2026-04-12T13:20:00Z"),
        failed_runs=(
            (sync, 200, "creates_order"),
            (sync, 202, "creates_order"),
            (invoice, 203, "updates_invoice"),
        ),
        dataverse={
            f"{ORG}:{row.kind}:{dataverse_id(row, name)}": DATAVERSE_REASONS[name]
            for name, row in rows
            if name in DATAVERSE_REASONS
        },
        organisation=ORG,
        has_fo=True,
    )
