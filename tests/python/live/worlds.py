"""One world per source: its servers with records, and the configuration that points at them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.sources.base import iso_time, mail_time
from pipelines.sources.tables import BY_NAME
from tests.python.live import records as r
from tests.python.live.server import Asked, StrictServer
from tests.python.live.serving import Configure, Serve
from tests.python.live.systems import (
    CONNECTIONS,
    AdobeServer,
    BigCommerceServer,
    EntitySet,
    EntraServer,
    FileServer,
    ODataServer,
    Record,
    ShopifyServer,
    known_fields,
)

ROWS = 5
PAGE = 2  # every resource has several pages
Make = Callable[[int, float], Record]
LABELS = "OData.Community.Display.V1.FormattedValue"
PREFER = f'odata.maxpagesize=5000,odata.include-annotations="{LABELS}"'
METADATA = "$metadata"
API = "/api/data/v9.2"
CONNECTION = re.compile(rf"\b({'|'.join(CONNECTIONS)})\(")
FIXED: defaultdict[str, tuple[str, ...]] = defaultdict(tuple, d365_bc=("name",))

SHOPIFY: dict[str, Make] = {
    "orders": r.shopify_order,
    "customers": r.shopify_customer,
    "company_locations": r.shopify_location,
    "draft_orders": r.shopify_draft,
}
BIGCOMMERCE: dict[str, Make] = {
    "orders": r.bigcommerce_order,
    "customers": r.bigcommerce_customer,
    "companies": r.b2b_company,
    "b2b_orders": r.b2b_order,
    "quotes": r.b2b_quote,
}
ADOBE: dict[str, Make] = {
    "orders": r.adobe_order,
    "customers": r.adobe_customer,
    "companies": r.adobe_company,
    "negotiable_quotes": r.adobe_cart,
}
FO = {
    "customers": ("CustomersV3", r.fo_customer),
    "customer_electronic_addresses": ("CustomerElectronicAddresses", r.fo_address),
    "contact_persons": ("ContactPersons", r.fo_contact),
    "sales_orders": ("SalesOrderHeadersV2", r.fo_sales_order),
    "free_text_invoices": ("FreeTextInvoiceHeaders", r.fo_invoice),
    "exchange_rates": ("ExchangeRates", r.fo_rate),
    "legal_entities": ("LegalEntities", r.fo_entity),
}
BC = {
    "customers": ("customers", r.bc_customer),
    "customer_contacts": ("customers?$expand", r.bc_contacts),
    "sales_orders": ("salesOrders", r.bc_sales_order),
    "sales_invoices": ("salesInvoices", r.bc_invoice),
    "currency_exchange_rates": ("currencyExchangeRates", r.bc_rate),
}
EXPANDED = "contactsInformation($select=contactId;$expand=contact($select=email))"
DATAVERSE = {
    "accounts": ("accounts", r.account),
    "contacts": ("contacts", r.contact),
    "cdm_companies": ("cdm_companies", r.cdm_company),
    "transactioncurrencies": ("transactioncurrencies", r.currency),
}
POWER_AUTOMATE = {
    "workflows": ("workflows", r.workflow),
    "flow_runs": ("flowruns", r.flow_run),
    "flow_events": ("flowevents", r.flow_event),
}

MAKERS: dict[tuple[str, str], Make] = {
    **{("shopify", name): make for name, make in SHOPIFY.items()},
    **{("bigcommerce", name): make for name, make in BIGCOMMERCE.items()},
    **{("adobe_commerce", name): make for name, make in ADOBE.items()},
    **{("d365_fo", name): make for name, (_, make) in FO.items()},
    **{("d365_bc", name): make for name, (_, make) in BC.items()},
    ("d365_bc", "companies"): r.bc_company,
    **{("dataverse", name): make for name, (_, make) in DATAVERSE.items()},
    **{("power_automate", name): make for name, (_, make) in POWER_AUTOMATE.items()},
}


@dataclass
class World:
    """A source with its servers. `records` and `address` are by (raw instance, resource)."""

    source: str
    server: StrictServer
    records: dict[tuple[str, str], list[Record]]
    address: dict[tuple[str, str], str]
    secrets: tuple[str, ...]
    entra: EntraServer | None = None
    files: FileServer | None = None

    def requests(self) -> Counter[str]:
        """How often each resource was asked for."""
        found = Counter(self.resource_of(asked) for asked in self.server.asked)
        found.pop(METADATA, None)
        return found

    def resource_of(self, asked: Asked) -> str:
        """The resource of a request."""
        if self.source == "shopify":
            return CONNECTIONS[CONNECTION.search(asked.json()["query"])[1]]
        if asked.path.endswith(METADATA):
            return METADATA
        fitting = [key for key, path in self.address.items() if path in asked.path]
        return max(fitting, key=lambda key: len(self.address[key]))[1]

    def change(self, key: tuple[str, str], number: int = ROWS) -> str:
        """Change a record (the oldest one) now; return the new value."""
        records = self.records[key]
        number = min(number, len(records))
        records[number - 1].update(MAKERS[self.source, key[1]](number, 0))
        return change_text(self.source, key[1], records[number - 1])

    def change_all(self, key: tuple[str, str]) -> str:
        """Change every record of a resource now; return their new values."""
        values = {self.change(key, number) for number, _ in enumerate(self.records[key], 1)}
        assert len(values) == 1
        return values.pop()


def change_text(source: str, resource: str, record: Record) -> str:
    """Change a field that is not a key, a time or an instance name."""
    declared = BY_NAME[source, resource]
    for column in declared.columns:
        value = record.get(column.field)
        is_word = isinstance(value, str) and not value.isdigit() and value != ""
        is_time = iso_time(value) or mail_time(value)
        if is_word and not is_time and column.field not in (*declared.key, *FIXED[source]):
            record[column.field] = "changed"
            return "changed"
    record["grand_total"] = 4321
    return "4321"


def rows(make: Make) -> list[Record]:
    """Five records, newest change first (an hour ago)."""
    return [make(number, number * 5) for number in range(1, ROWS + 1)]


def shopify(serve: Serve, configure: Configure, version: str = "2026-07") -> World:
    records = {resource: rows(make) for resource, make in SHOPIFY.items()}
    files = FileServer()
    server = ShopifyServer(records, files, version)
    serve(files)
    serve(server)
    configure(
        *("shopify", "us-dtc"),
        base_url=server.url,
        access_token=server.token,
        api_version=version,
        page_size=PAGE,
        start_date=r.ago(72).date().isoformat(),
    )
    return World(
        "shopify",
        server,
        {("us-dtc", resource): found for resource, found in records.items()},
        {("us-dtc", resource): "graphql.json" for resource in records},
        (server.token,),
        files=files,
    )


def bigcommerce(serve: Serve, configure: Configure) -> World:
    records = {resource: rows(make) for resource, make in BIGCOMMERCE.items()}
    server = BigCommerceServer(records)
    server.most_rows = PAGE
    serve(server)
    configure(
        *("bigcommerce", "wholesale"),
        base_url=server.url,
        b2b_base_url=f"{server.url}/b2b",
        store_hash=server.store,
        access_token=server.token,
        b2b="true",
    )
    paths = ("v2/orders", "v3/customers", "b2b/companies", "b2b/orders", "b2b/rfq")
    keys = [("wholesale", resource) for resource in records]
    return World(
        "bigcommerce",
        server,
        {key: records[key[1]] for key in keys},
        dict(zip(keys, paths, strict=True)),
        (server.token,),
    )


def adobe_commerce(serve: Serve, configure: Configure) -> World:
    records = {resource: rows(make) for resource, make in ADOBE.items()}
    server = AdobeServer(records)
    serve(server)
    configure(
        *("adobe_commerce", "main"),
        base_url=f"{server.url}/rest/all",
        access_token="adobe-secret-token",
        page_size=PAGE,
    )
    paths = ("V1/orders", "V1/customers/search", "V1/company/", "V1/carts/search")
    keys = [("main", resource) for resource in records]
    return World(
        "adobe_commerce",
        server,
        {key: records[key[1]] for key in keys},
        dict(zip(keys, paths, strict=True)),
        ("adobe-secret-token",),
    )


def d365_fo(serve: Serve, configure: Configure) -> World:
    sets = {
        f"/data/{entity}": _entities("d365_fo", resource, make, by_company=True)
        for resource, (entity, make) in FO.items()
    }
    paths = {("prod", resource): f"/data/{entity}" for resource, (entity, _) in FO.items()}
    world = _odata(serve, "d365_fo", sets, {}, paths)
    _configure_entra(configure, world, "prod", base_url=world.server.url)
    return world


def d365_bc(serve: Serve, configure: Configure) -> World:
    companies = {r.bc_company(number, 0)["name"]: r.guid(number) for number in (1, 2)}
    first = [r.bc_company(number, 0) for number in (1, 2)]
    fields = known_fields("d365_bc", "companies")
    sets = {"/bc/companies": EntitySet(first, fields)}
    paths = {("production", "companies"): "/bc/companies"}
    for name, identifier in companies.items():
        for resource, (entity, make) in BC.items():
            path = f"/bc/companies({identifier})/{entity}"
            sets[path] = _entities("d365_bc", resource, make)
            sets[path].expand = EXPANDED if path.endswith("$expand") else ""
            paths[name, resource] = path
    headers = {"data-access-intent": "ReadOnly", "prefer": "odata.maxpagesize=20000"}
    world = _odata(serve, "d365_bc", sets, headers, paths)
    scope = "https://api.businesscentral.dynamics.com/.default"
    world.entra.scope = lambda: scope
    _configure_entra(configure, world, "production", base_url=f"{world.server.url}/bc")
    return world


def dataverse(serve: Serve, configure: Configure) -> World:
    return _tables(serve, configure, "dataverse", DATAVERSE)


def power_automate(serve: Serve, configure: Configure) -> World:
    return _tables(serve, configure, "power_automate", POWER_AUTOMATE)


def _tables(serve: Serve, configure: Configure, source: str, tables: dict) -> World:
    sets = {
        f"{API}/{entity}": _entities(source, resource, make)
        for resource, (entity, make) in tables.items()
    }
    paths = {("org", resource): f"{API}/{entity}" for resource, (entity, _) in tables.items()}
    world = _odata(serve, source, sets, {"prefer": PREFER}, paths)
    _configure_entra(configure, world, "org", base_url=world.server.url)
    return world


def _entities(source: str, resource: str, make: Make, by_company: bool = False) -> EntitySet:
    return EntitySet(rows(make), known_fields(source, resource), by_company)


def _odata(
    serve: Serve,
    source: str,
    sets: dict[str, EntitySet],
    headers: dict[str, str],
    paths: dict[tuple[str, str], str],
) -> World:
    entra = EntraServer(lambda: f"{server.url}/.default")
    server = ODataServer(entra, sets, headers)
    serve(entra)
    serve(server)
    records = {key: sets[path].records for key, path in paths.items()}
    return World(source, server, records, paths, (entra.client_secret,), entra)


def _configure_entra(configure: Configure, world: World, instance: str, base_url: str) -> None:
    configure(
        *(world.source, instance),
        base_url=base_url,
        authority=world.entra.url,
        tenant="tenant-1",
        client_id="app-1",
        client_secret=world.entra.client_secret,
    )


WORLDS: dict[str, Callable[[Serve, Configure], World]] = {
    "shopify": shopify,
    "bigcommerce": bigcommerce,
    "adobe_commerce": adobe_commerce,
    "d365_fo": d365_fo,
    "d365_bc": d365_bc,
    "dataverse": dataverse,
    "power_automate": power_automate,
}
