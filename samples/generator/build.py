"""Scenarios to extract records: assigns every account, company and order its id and row.

Ids follow the order of the scenarios (accounts, companies) and of time (orders), so the same
scenarios always give the same files.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from samples.generator import adobe_commerce, bigcommerce, d365_bc, d365_fo, dataverse, shopify
from samples.generator.addresses import PLACES
from samples.generator.shapes import (
    Bc,
    Dataverse,
    Document,
    Fo,
    Order,
    Quote,
    Record,
    Scenario,
)
from samples.generator.text import instant

FIRST_ORDER_ID = {"shopify": 9007199254740993, "bigcommerce": 5101, "adobe_commerce": 44101}
FIRST_ACCOUNT_ID = {"shopify": 7700000000011, "bigcommerce": 21, "adobe_commerce": 71}
FIRST_COMPANY_ID = {"shopify": 8800000000001, "bigcommerce": 3001, "adobe_commerce": 901}
INACTIVE = {
    "shopify": {"REFUNDED", "VOIDED", "EXPIRED"},
    "bigcommerce": {"0", "4", "5", "6"},
    "adobe_commerce": {"closed", "canceled"},
}


@dataclass(frozen=True)
class Store:
    """One shop: platform, instance, and how D365 documents refer to its orders."""

    platform: str
    instance: str
    prefix: str
    is_in_scope: bool = True


@dataclass(frozen=True)
class Placed:
    """An order with its ids."""

    scenario: Scenario
    order: Order
    store: Store
    order_id: int
    number: str
    account_id: int
    company_id: int

    @property
    def is_active(self) -> bool:
        """Whether the specification counts the order, apart from its time."""
        order = self.order
        return (
            self.store.is_in_scope
            and not (order.cancelled or order.test or order.deleted)
            and order.status not in INACTIVE[self.store.platform]
        )


@dataclass
class Sample:
    """The records of one sample, by (source, instance, resource)."""

    stores: dict[str, Store]
    files: dict[tuple[str, str, str], list[Record]] = field(default_factory=dict)
    accounts: dict[tuple[str, str], int] = field(default_factory=dict)
    companies: dict[tuple[str, str], int] = field(default_factory=dict)
    placed: list[Placed] = field(default_factory=list)
    fo_count: int = 0
    document_count: int = 0
    documents: list[tuple[Placed, Document]] = field(default_factory=list)
    bc_customers: dict[tuple[str, str], Record] = field(default_factory=dict)

    def add(self, source: str, instance: str, resource: str, *records: Record) -> None:
        """Append records to one extract file."""
        self.files.setdefault((source, instance, resource), []).extend(records)


def add_scenarios(sample: Sample, scenarios: list[Scenario]) -> None:
    """Accounts, companies, then the orders of all scenarios by time."""
    for scenario in scenarios:
        _add_accounts(sample, scenario)
    pairs = [(scenario, order) for scenario in scenarios for order in scenario.orders]
    for scenario, order in sorted(pairs, key=lambda pair: (pair[1].at, pair[0].name)):
        sample.placed.append(_place(sample, scenario, order))
    for placed in sample.placed:
        _add_order(sample, placed)


def _add_accounts(sample: Sample, scenario: Scenario) -> None:
    used = {(order.store, order.by) for order in scenario.orders}
    used |= {(store, "company" if scenario.company else "account") for store in scenario.accounts}
    for key, store in sample.stores.items():
        kinds = {by for used_store, by in used if used_store == key}
        if kinds & {"account", "company"}:
            _add_account(sample, scenario, key, store, "company" in kinds)


def _next(taken: dict[tuple[str, str], int], sample: Sample, platform: str, first: int) -> int:
    return first + sum(1 for key, _ in taken if sample.stores[key].platform == platform)


def _add_account(
    sample: Sample, scenario: Scenario, key: str, store: Store, is_company: bool
) -> None:
    platform, instance = store.platform, store.instance
    account_id = _next(sample.accounts, sample, platform, FIRST_ACCOUNT_ID[platform])
    sample.accounts[key, scenario.name] = account_id
    company_id = 0
    if is_company:
        company_id = _next(sample.companies, sample, platform, FIRST_COMPANY_ID[platform])
        sample.companies[key, scenario.name] = company_id
    if platform == "shopify":
        sample.add(
            platform, instance, "customers", shopify.customer_node(scenario, account_id, key)
        )
        if is_company:
            sample.add(
                platform,
                instance,
                "company_locations",
                shopify.company_location_node(scenario, company_id, key),
            )
    elif platform == "bigcommerce":
        sample.add(
            platform, instance, "customers", bigcommerce.customer_record(scenario, account_id, key)
        )
        if is_company:
            sample.add(
                platform,
                instance,
                "companies",
                bigcommerce.company_record(scenario, company_id, key),
            )
    else:
        sample.add(
            platform,
            instance,
            "customers",
            adobe_commerce.customer_record(scenario, account_id, company_id, key),
        )
        if is_company:
            sample.add(
                platform,
                instance,
                "companies",
                adobe_commerce.company_record(scenario, company_id, account_id, key),
            )


def _place(sample: Sample, scenario: Scenario, order: Order) -> Placed:
    store = sample.stores[order.store]
    position = sum(1 for other in sample.placed if other.order.store == order.store)
    order_id = order.platform_id or FIRST_ORDER_ID[store.platform] + position
    if not store.is_in_scope:
        order_id += 900000
    number = {"shopify": f"D{1001 + position}", "adobe_commerce": f"{order_id:09d}"}.get(
        store.platform, str(order_id)
    )
    if order.platform_id:
        number = str(order_id)
    is_guest = order.by == "guest"
    account_id = 0 if is_guest else sample.accounts[order.store, scenario.name]
    company_id = 0
    if order.by == "company":
        company_id = sample.companies[order.store, scenario.name]
    return Placed(scenario, order, store, order_id, number, account_id, company_id)


def _add_order(sample: Sample, placed: Placed) -> None:
    scenario, order, store = placed.scenario, placed.order, placed.store
    ids = (placed.order_id, placed.account_id)
    if store.platform == "shopify":
        number = int(placed.number.removeprefix("D"))
        record = shopify.order_node(
            scenario, order, placed.order_id, number, placed.account_id, placed.company_id
        )
    elif store.platform == "bigcommerce":
        record = bigcommerce.order_record(scenario, order, *ids)
        if placed.company_id:
            position = len(sample.files.get((store.platform, store.instance, "b2b_orders"), []))
            sample.add(
                store.platform,
                store.instance,
                "b2b_orders",
                bigcommerce.b2b_order_record(
                    scenario, order, placed.order_id, placed.company_id, 15 + position
                ),
            )
    else:
        record = adobe_commerce.order_record(
            scenario, order, placed.order_id, placed.number, placed.account_id, placed.company_id
        )
    sample.add(store.platform, store.instance, "orders", record)


def add_quotes(sample: Sample, quotes: list[Quote], scenarios: list[Scenario]) -> None:
    """Quotes and drafts of the platforms."""
    by_name = {scenario.name: scenario for scenario in scenarios}
    for position, quote in enumerate(quotes):
        scenario, store = by_name[quote.scenario], sample.stores[quote.store]
        account_id = sample.accounts[quote.store, scenario.name]
        if store.platform == "shopify":
            sample.add(
                "shopify",
                store.instance,
                "draft_orders",
                shopify.draft_order_node(
                    scenario,
                    6600000000001 + position,
                    101 + position,
                    quote.at,
                    quote.net,
                    quote.status,
                    account_id,
                ),
            )
        elif store.platform == "bigcommerce":
            sample.add(
                "bigcommerce",
                store.instance,
                "quotes",
                bigcommerce.quote_record(
                    scenario, quote, 501 + position, sample.companies[quote.store, scenario.name]
                ),
            )
        else:
            sample.add(
                "adobe_commerce",
                store.instance,
                "negotiable_quotes",
                adobe_commerce.quote_record(scenario, quote, 801 + position, account_id),
            )


def account_references(sample: Sample, scenario: Scenario) -> dict[str, str]:
    """The namespaced ids D365 may have for the scenario: platform:instance:id."""
    references = {}
    for store_key, label in (("dtc", "shopify"), ("b2b", "b2b"), ("adobe", "adobe")):
        store = sample.stores.get(store_key)
        account_id = sample.accounts.get((store_key, scenario.name))
        company_id = sample.companies.get((store_key, scenario.name))
        if store and account_id:
            prefix = f"{store.platform}:{store.instance}"
            references[f"{label}_account"] = f"{prefix}:{account_id}"
            references[f"{label}_account_upper"] = f"{prefix}:{account_id}".upper()
            references[f"{label}_company"] = f"{prefix}:{company_id}"
    return references


def add_fo_customer(sample: Sample, instance: str, row: Fo, scenario: Scenario) -> None:
    """One F&O customer with its electronic addresses."""
    references = account_references(sample, scenario)
    identification = row.identification.format(**references) if row.identification else ""
    is_organization = scenario.company or bool(row.name)
    sample.add(
        "d365_fo",
        instance,
        "customers",
        d365_fo.customer_row(
            row,
            row.name or scenario.name,
            row.place or scenario.home,
            is_organization,
            sample.fo_count,
            identification,
        ),
    )
    sample.add(
        "d365_fo",
        instance,
        "customer_electronic_addresses",
        *d365_fo.electronic_addresses(row, sample.fo_count),
    )
    sample.fo_count += 1


def add_bc_customer(sample: Sample, row: Bc, scenario: Scenario) -> None:
    """One Business Central customer."""
    record = d365_bc.customer_row(
        row,
        row.name or scenario.name,
        row.place or scenario.home,
        scenario.company or bool(row.name),
    )
    sample.bc_customers[row.company, row.number] = record
    sample.add("d365_bc", row.company, "customers", record)


def add_dataverse(sample: Sample, instance: str, row: Dataverse, scenario: Scenario) -> None:
    """One Dataverse account or contact."""
    references = account_references(sample, scenario)
    if row.identification:
        row = replace(row, identification=row.identification.format(**references))
    if row.kind == "account":
        record = dataverse.account_row(row, scenario.name, scenario.home)
        sample.add("dataverse", instance, "accounts", record)
    else:
        record = dataverse.contact_row(row, scenario.name, scenario.home)
        sample.add("dataverse", instance, "contacts", record)


def document_reference(document: Document, placed: Placed) -> str:
    """The reference to the order in the document."""
    prefix = placed.store.prefix
    return {
        "number": placed.number,
        "id": str(placed.order_id),
        "prefix_number": prefix + placed.number,
        "prefix_id": f"{prefix}{placed.order_id}",
        "po_number": placed.order.po_number,
    }[document.form]


def add_document(sample: Sample, instance: str, document: Document, placed: Placed) -> None:
    """One D365 document that refers to the order."""
    sample.documents.append((placed, document))
    reference = document_reference(document, placed)
    order, scenario = placed.order, placed.scenario
    ship_to = (scenario.home,) if order.ship_to is None else order.ship_to
    country = PLACES[ship_to[0]].country if ship_to else ""
    if instance == "business_central":
        customer = sample.bc_customers[document.entity, document.account]
        if document.kind == "sales_order":
            record = d365_bc.sales_order_row(
                document, order, reference, sample.document_count, customer
            )
        else:
            record = d365_bc.sales_invoice_row(
                document, order, reference, sample.document_count, customer
            )
        sample.add("d365_bc", document.entity, f"{document.kind}s", record)
    elif document.kind == "sales_order":
        sample.add(
            "d365_fo",
            instance,
            "sales_orders",
            d365_fo.sales_order_row(
                document, order, reference, sample.document_count, country, scenario.email.strip()
            ),
        )
    else:
        sample.add(
            "d365_fo",
            instance,
            "free_text_invoices",
            d365_fo.free_text_invoice_row(document, order, reference, sample.document_count),
        )
    sample.document_count += 1


def usual_documents(placed: Placed, as_of: str, position: int, fo: Fo) -> list[Document]:
    """What the integration has created for an everyday order of a customer in D365.

    A sales order after a day (one in seven is missing), a posted free-text invoice after eight
    days (one in five is missing); the fields and forms of the reference alternate.
    """
    age = instant(as_of) - instant(placed.order.at)
    documents = []
    fields = (("reference", "prefix_number"), ("requisition", "number"), ("reference", "id"))
    order_field, form = fields[position % 3]
    if age > timedelta(days=1) and position % 7 != 3:
        state = "invoiced" if age > timedelta(days=8) else "open"
        documents.append(Document("sales_order", fo.account, fo.entity, order_field, form, state))
    if age > timedelta(days=8) and position % 5 != 2:
        documents.append(
            Document("free_text_invoice", fo.account, fo.entity, "external", "prefix_id", "posted")
        )
    return documents
