"""Small complete installations, assembled from pieces.

`installation(stores, entities)` gives everything a company may load: orders, accounts, companies,
customer masters, documents, rates, Dataverse, flows. `without` removes pieces by source or resource.
Every store uses the same order, account and company numbers (from 11, 101, 900), as in BigCommerce
and Adobe Commerce, for different people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import world_shapes as shapes
from world_parties import Files
from world_shapes import Row
from worlds import Table

AS_OF = "2026-04-12"
ZONE = ZoneInfo("America/New_York")
FOREIGN = "SEK"  # an order currency that is no functional currency


class Entity(NamedTuple):
    """A legal entity: id, ERP and its code there, currency and country; the entity whose customer
    master it shares, if any; its environment of F&O."""

    entity_id: str
    erp: str
    code: str
    currency: str
    country: str
    shared_master: str = ""
    environment: str = "fo-prod"

    @property
    def master(self) -> str:
        return self.shared_master or self.entity_id


class Store(NamedTuple):
    """A shop: platform and instance; `place` distinguishes the people of different shops."""

    platform: str
    instance: str
    place: int = 0

    @property
    def prefix(self) -> str:
        """The prefix of an order number in the ERP."""
        return f"{self.platform[:2].upper()}{self.place}-"


SHOP_A = Store("shopify", "shop-a", 0)
SHOP_B = Store("shopify", "Shop B", 1)
WHOLESALE = Store("bigcommerce", "bc-a", 0)
WHOLESALE_2 = Store("bigcommerce", "bc-b", 1)
WEB = Store("adobe_commerce", "m2", 0)
WEB_2 = Store("adobe_commerce", "m2-eu", 1)

FO_US = Entity("ustr", "fo", "ustr", "USD", "US")
FO_DE = Entity("detr", "fo", "detr", "EUR", "DE")
FO_FR = Entity("frtr", "fo", "frtr", "EUR", "FR", shared_master="detr")
FO_GB = Entity("uktr", "fo", "uktr", "GBP", "GB")
FO_ACQUIRED = FO_GB._replace(environment="FO-Acq")
BC_US = Entity("us-co", "bc", "us-co", "USD", "US")
BC_CA = Entity("ca-co", "bc", "CA-Co", "CAD", "CA")
BC_SHARING = BC_CA._replace(shared_master="us-co")

DATAVERSE = ("dataverse",)
FLOWS = ("power_automate",)
RATES = (
    "d365_fo.exchange_rates", "d365_bc.currency_exchange_rates",
    "dataverse.transactioncurrencies",
)  # fmt: skip
DOCUMENTS = (
    "d365_fo.sales_orders", "d365_fo.free_text_invoices", "d365_bc.sales_orders",
    "d365_bc.sales_invoices",
)  # fmt: skip
ACCOUNTS = ("shopify.customers", "bigcommerce.customers", "adobe_commerce.customers")
COMPANIES = (
    "shopify.company_locations", "bigcommerce.companies", "bigcommerce.b2b_orders",
    "adobe_commerce.companies",
)  # fmt: skip
ERP = ("d365_fo", "d365_bc")
LISTS = (
    "d365_fo.customer_electronic_addresses", "d365_fo.legal_entities", "d365_bc.companies",
)  # fmt: skip


@dataclass(frozen=True)
class Installation:
    """What a company loads, its field map and the vars of its runs (`given`)."""

    stores: tuple[Store, ...]
    entities: tuple[Entity, ...]
    files: Files
    field_map: dict[str, Table]
    given: dict[str, Any]

    def without(self, *names: str) -> Installation:
        """The same without some sources (`dataverse`), resources (`d365_fo.sales_orders`) or
        resources of one instance (`d365_fo.sales_orders of fo-acq`)."""
        kept = {
            (source, instance, resource): rows
            for (source, instance, resource), rows in self.files.items()
            if not {source, f"{source}.{resource}", f"{source}.{resource} of {instance.lower()}"}
            & {*names}
        }
        return replace(self, files=kept)

    def emptied(self, *names: str) -> Installation:
        """The same with empty files of some resources."""
        kept = {
            place: [] if f"{place[0]}.{place[2]}" in names else rows
            for place, rows in self.files.items()
        }
        return replace(self, files=kept)

    def has(self, name: str) -> bool:
        """Whether a source or a resource is loaded."""
        return any(name in (place[0], f"{place[0]}.{place[2]}") for place in self.files)


@dataclass(frozen=True)
class Person:
    """A buyer: an account, a guest, a company, or unidentifiable (`nobody`)."""

    number: int
    kind: str
    is_held: bool = False
    is_held_elsewhere: bool = False
    is_in_dataverse: bool = False
    currency: str = "USD"

    def email(self, store: Store) -> str:
        """The address, different in every store."""
        return f"p{self.number}.{store.platform[:2]}{store.place}@x.test"

    def who(self, store: Store) -> Row:
        """Name and postal code."""
        first, last = NAMES[self.number].split()
        name = (
            f"{first} {last}" if store.place == 0 else f"{last[::-1].title()} {first[::-1].title()}"
        )
        company = f"{name} Tools {store.platform[0].upper()}" if self.kind == "company" else None
        return {"person": name, "company": company, "zip": f"{store.place}{self.number:04d}"}

    def country(self, entities: tuple[Entity, ...]) -> str:
        """The destination of the orders, spread over the countries of the entities."""
        return entities[self.number % len(entities)].country if entities else "US"

    def erp_number(self, store: Store) -> str:
        """The customer number of a company in the ERP."""
        return f"C-{store.platform[:2]}{store.place}{self.number}"


class Placed(NamedTuple):
    """An order: its number, buyer, time and documents."""

    number: int
    person: int
    moment: datetime
    is_cancelled: bool = False
    has_sales_order: bool = False
    has_invoice: bool = False


def local(day: int, hour: int = 12, minute: int = 0, month: int = 4) -> datetime:
    """A naive UTC instant from a local time of 2026."""
    moment = datetime(2026, month, day, hour, minute, tzinfo=ZONE)
    return moment.astimezone(UTC).replace(tzinfo=None)


# names different enough for near matches
NAMES = {
    11: "Ada Quillfeather", 12: "Borislav Larkin", 13: "Cemile Haddad", 14: "Dorothea Finch",
    15: "Eliot Vandersteen", 16: "Fay Moreno", 17: "Gustavo Oduya", 18: "No Body",
    900: "Harbor Jetty",
}  # fmt: skip
FILLERS = ("Zed Nullman", "Xaver Umbrich", "Wanda Ystrad", "Vito Kopf", "Ulla Jorgensdottir")
PEOPLE = (
    Person(11, "account", is_held=True),
    Person(12, "account", is_in_dataverse=True),
    Person(13, "guest"),
    Person(900, "company", is_held=True),
    Person(14, "guest", currency=FOREIGN),
    Person(15, "account"),
    Person(16, "account"),
    Person(17, "account", is_held_elsewhere=True),
    Person(18, "nobody"),
)
ORDERS = (
    Placed(101, 11, local(9), has_sales_order=True),
    Placed(102, 11, local(2), has_sales_order=True, has_invoice=True),
    Placed(103, 11, local(28, month=3)),
    Placed(104, 12, local(10)),
    Placed(105, 13, local(11)),
    Placed(106, 13, local(8), has_sales_order=True),
    Placed(107, 900, local(7)),
    Placed(108, 14, local(12, 9)),
    Placed(109, 15, local(10), is_cancelled=True),
    Placed(110, 16, local(12, 23, 55)),
    Placed(111, 17, local(6, 0, 1)),
    Placed(112, 18, local(9)),
    Placed(113, 16, local(5, 23, 59)),
)


def installation(
    stores: Iterable[Store],
    entities: Iterable[Entity],
    *,
    are_guests: bool = False,
    given: dict[str, Any] | None = None,
) -> Installation:
    """Everything a company with these stores and legal entities may load."""
    stores, entities = tuple(stores), tuple(entities)
    people = PEOPLE
    if are_guests:
        people = tuple(
            replace(one, kind="guest") if one.kind in ("account", "company") else one
            for one in PEOPLE
        )
    files: Files = {}
    for store in stores:
        WRITERS[store.platform](store, entities, people, files)
    for entity in entities:
        {"fo": fo_entity, "bc": bc_company}[entity.erp](entity, entities, stores, people, files)
    dataverse(entities, stores, people, files)
    flows(files)
    return Installation(
        stores, entities, files, field_map(stores, entities), {"as_of": AS_OF, **(given or {})}
    )


def put(files: Files, source: str, instance: str, resource: str, *rows: Row) -> None:
    """Add rows to a file; without rows the file is empty."""
    files.setdefault((source, instance, resource), []).extend(rows)


def orders_of(people: Iterable[Person]) -> list[tuple[Placed, Person]]:
    """The orders, each with its buyer."""
    by_number = {one.number: one for one in people}
    return [(order, by_number[order.person]) for order in ORDERS]


def shopify(
    store: Store, entities: tuple[Entity, ...], people: tuple[Person, ...], files: Files
) -> None:
    """A Shopify shop."""
    for one in people:
        if one.kind in ("account", "company"):
            row = shapes.shopify_customer(
                one.number, one.who(store), email=one.email(store), country=one.country(entities),
                tags=["vip"],
            )  # fmt: skip
            put(files, "shopify", store.instance, "customers", row)
    put(files, "shopify", store.instance, "company_locations")
    for order, one in orders_of(people):
        address = shapes.shopify_address(one.who(store), one.country(entities))
        purchasing: Row = {"__typename": "Customer"}
        if one.kind == "company":
            company = {
                "id": f"gid://shopify/Company/{one.number}", "name": one.who(store)["company"],
                "externalId": one.erp_number(store),
            }  # fmt: skip
            place = {"id": f"gid://shopify/CompanyLocation/{one.number}", "name": "main"}
            purchasing = {"__typename": "PurchasingCompany", "company": company, "location": place}
            put(
                files, "shopify", store.instance, "company_locations",
                place | {"createdAt": "2025-10-02T09:00:00Z", "updatedAt": "2026-01-18T09:00:00Z",
                         "company": company, "taxSettings": None, "shippingAddress": None,
                         "billingAddress": {"countryCode": one.country(entities)}},
            )  # fmt: skip
        row = shapes.shopify_order(
            order.number, order.moment, name=f"#{order.number}", total="110.00", tax="10.00",
            currency=one.currency, financial="PAID", shipping=address, billing=address,
            email=None if one.kind == "nobody" else one.email(store), purchasing=purchasing,
            cancelled=shapes.iso(order.moment) if order.is_cancelled else None,
            customer_id=one.number if one.kind in ("account", "company") else None,
        )  # fmt: skip
        put(files, "shopify", store.instance, "orders", row)


def bigcommerce(
    store: Store, entities: tuple[Entity, ...], people: tuple[Person, ...], files: Files
) -> None:
    """A BigCommerce store with B2B Edition."""
    for one in people:
        who = one.who(store)
        if one.kind in ("account", "company"):
            row = shapes.bigcommerce_customer(one.number, who, email=one.email(store))
            put(files, "bigcommerce", store.instance, "customers", row)
        if one.kind == "company":
            extra = [{"fieldName": "ERP Account", "fieldValue": one.erp_number(store)}]
            row = shapes.bigcommerce_company(
                one.number, who["company"], email=one.email(store), extra_fields=extra
            )
            put(files, "bigcommerce", store.instance, "companies", row)
    put(files, "bigcommerce", store.instance, "b2b_orders")
    for order, one in orders_of(people):
        who, country = one.who(store), one.country(entities)
        row = shapes.bigcommerce_order(
            order.number, order.moment, status_id=5 if order.is_cancelled else 11,
            payment_status="captured", total="110.0000", net="100.0000", currency=one.currency,
            customer_id=one.number if one.kind in ("account", "company") else 0,
            billing={"first_name": who["person"], "last_name": "", "company": who["company"] or "",
                     "zip": who["zip"], "country_iso2": country, "form_fields": [],
                     "email": "" if one.kind == "nobody" else one.email(store)},
            shipping=[{"country_iso2": country, "zip": who["zip"]}],
        )  # fmt: skip
        put(files, "bigcommerce", store.instance, "orders", row)
        if one.kind == "company":
            row = shapes.b2b_order(order.number, one.number, f"PO-{order.number}")
            put(files, "bigcommerce", store.instance, "b2b_orders", row)


def adobe_commerce(
    store: Store, entities: tuple[Entity, ...], people: tuple[Person, ...], files: Files
) -> None:
    """An Adobe Commerce store."""
    for one in people:
        who = one.who(store)
        if one.kind in ("account", "company"):
            put(
                files, "adobe_commerce", store.instance, "customers",
                {"id": one.number, "email": one.email(store), "firstname": who["person"],
                 "lastname": "", "created_at": "2025-01-01 00:00:00",
                 "updated_at": "2026-01-01 00:00:00", "taxvat": None, "custom_attributes": []},
            )  # fmt: skip
        if one.kind == "company":
            put(
                files, "adobe_commerce", store.instance, "companies",
                {"id": one.number, "status": 1, "company_name": who["company"], "legal_name": "",
                 "company_email": one.email(store), "vat_tax_id": None,
                 "reseller_id": one.erp_number(store), "country_id": one.country(entities),
                 "postcode": who["zip"], "custom_attributes": []},
            )  # fmt: skip
    for order, one in orders_of(people):
        who = one.who(store)
        address = {"country_id": one.country(entities), "postcode": who["zip"]}
        is_named = one.kind in ("account", "company")
        row = shapes.adobe_order(
            order.number, order.moment, number=str(order.number),
            state="canceled" if order.is_cancelled else "processing",
            email=None if one.kind == "nobody" else one.email(store), first_name=who["person"],
            currency=one.currency, total=110.0, tax=10.0, paid=110.0,
            customer_id=one.number if is_named else None, billing=address, shipping=[address],
            company_id=one.number if one.kind == "company" else None,
            company_name=who["company"],
        )  # fmt: skip
        put(files, "adobe_commerce", store.instance, "orders", row)


WRITERS = {"shopify": shopify, "bigcommerce": bigcommerce, "adobe_commerce": adobe_commerce}


def held_in(
    entity: Entity,
    entities: tuple[Entity, ...],
    stores: tuple[Store, ...],
    people: tuple[Person, ...],
) -> list[tuple[str, Row, str, str]]:
    """(number, who, e-mail, country) of every customer of an entity, the fillers first."""
    if entity.shared_master:
        return []
    rows: list[tuple[str, Row, str, str]] = [
        (f"K-{number}", {"person": name, "zip": f"99{number:03d}"},
         f"k{number}@{entity.entity_id}.test", entity.country)
        for number, name in enumerate(FILLERS, 1)
    ]  # fmt: skip
    for store in stores:
        for one in people:
            home = entities[one.number % len(entities)]
            is_here = one.is_held and home.master == entity.entity_id
            if len(entities) > 1:
                other = entities[(one.number + 1) % len(entities)]
                is_here = is_here or (one.is_held_elsewhere and other.master == entity.entity_id)
            # of companies with the same number only the first shop's is in the ERP
            if not is_here or (one.kind == "company" and store.place):
                continue
            if one.kind == "company":
                rows.append((one.erp_number(store), {"person": "", "zip": ""}, "", entity.country))
            else:
                number = f"N-{store.platform[:2]}{store.place}{one.number}"
                rows.append((number, one.who(store), one.email(store), entity.country))
    return rows


def documents_of(
    entity: Entity,
    entities: tuple[Entity, ...],
    stores: tuple[Store, ...],
    people: tuple[Person, ...],
) -> list[tuple[Placed, str]]:
    """The orders with documents in an entity, and their references."""
    return [
        (order, f"{store.prefix}{order.number}")
        for store in stores
        for order, one in orders_of(people)
        if entities[one.number % len(entities)] == entity
        and (order.has_sales_order or order.has_invoice)
    ]


def fo_entity(
    entity: Entity,
    entities: tuple[Entity, ...],
    stores: tuple[Store, ...],
    people: tuple[Person, ...],
    files: Files,
) -> None:
    """A legal entity of F&O with its customers, documents and rates."""

    def add(resource: str, *rows: Row) -> None:
        put(files, "d365_fo", entity.environment, resource, *rows)

    add("legal_entities", {
        "LegalEntityId": entity.code, "Name": entity.entity_id,
        "AddressCountryRegionISOCode": entity.country, "TimeZone": "America/New_York",
    })  # fmt: skip
    for number, who, email, country in held_in(entity, entities, stores, people):
        row = shapes.fo_customer(entity.code, number, who, email=email, country=country)
        add("customers", row)
    add("customer_electronic_addresses", {
        "dataAreaId": entity.code, "CustomerAccount": "K-1", "ElectronicAddressId": "1",
        "Locator": f"further@{entity.entity_id}.test", "Type": "Email", "IsPrimary": "No",
        "Purpose": "Business",
    })  # fmt: skip
    add("sales_orders")
    add("free_text_invoices")
    for place, (order, reference) in enumerate(documents_of(entity, entities, stores, people), 1):
        if order.has_sales_order:
            add("sales_orders", {
                "dataAreaId": entity.code, "SalesOrderNumber": f"SO-{place}",
                "SalesOrderStatus": "Backorder", "CustomersOrderReference": reference,
                "CustomerRequisitionNumber": "",
            })  # fmt: skip
        if order.has_invoice:
            add("free_text_invoices", {
                "dataAreaId": entity.code, "InvoiceIdentifier": place,
                "FreeTextNumber": f"FTI-{place}", "CustomerReference": reference,
                "CustomerRequisition": "", "ExternalInvoiceId": "", "IsPosted": "Yes",
                "IsCorrection": "No",
            })  # fmt: skip
    for source, target, rate in (
        (FOREIGN, entity.currency, 0.09), (entity.currency, "USD", 1.1)
    ):  # fmt: skip
        quote = {
            "RateTypeName": "Default", "FromCurrency": source, "ToCurrency": target,
            "StartDate": "2026-01-01T12:00:00Z", "EndDate": "2154-12-31T12:00:00Z", "Rate": rate,
            "ConversionFactor": "One",
        }  # fmt: skip
        known = files.get(("d365_fo", entity.environment, "exchange_rates"), [])
        if source != target and quote not in known:
            add("exchange_rates", quote)


def bc_company(
    entity: Entity,
    entities: tuple[Entity, ...],
    stores: tuple[Store, ...],
    people: tuple[Person, ...],
    files: Files,
) -> None:
    """A company of Business Central with its customers, documents and rates."""

    def add(resource: str, *rows: Row) -> None:
        put(files, "d365_bc", entity.code, resource, *rows)

    add("companies", {
        "id": shapes.guid("company", entity.code), "name": entity.code,
        "displayName": entity.code, "systemVersion": "27.0.1",
        "systemCreatedAt": "2021-05-04T10:00:00.12Z",
    })  # fmt: skip
    for number, who, email, country in held_in(entity, entities, stores, people):
        row_id = shapes.guid("bc", entity.code, number)
        add("customers", shapes.bc_customer(row_id, number, who, email=email, country=country))
    add("sales_orders")
    add("sales_invoices")
    for place, (order, reference) in enumerate(documents_of(entity, entities, stores, people), 1):
        document = {
            "number": f"S-{place}", "externalDocumentNumber": reference,
            "lastModifiedDateTime": "2026-04-08T23:30:00.5Z",
        }  # fmt: skip
        if order.has_invoice:
            row_id = shapes.guid("invoice", entity.code, place)
            add("sales_invoices", document | {
                "id": row_id, "number": f"PS-{place}", "orderNumber": "", "status": "Open",
                "customerPurchaseOrderReference": "",
            })  # fmt: skip
        elif order.has_sales_order:
            row_id = shapes.guid("sales order", entity.code, place)
            add("sales_orders", document | {"id": row_id, "status": "Open"})
    for source, relational in ((FOREIGN, 9), ("USD", 125)):
        if source != entity.currency:
            add("currency_exchange_rates", {
                "id": shapes.guid("rate", entity.code, source), "currencyCode": source,
                "startingDate": "2026-01-01", "exchangeRateAmount": 100,
                "relationalCurrencyCode": "", "relationalExchangeRateAmount": relational,
                "lastModifiedDateTime": "2026-01-01T00:00:00Z",
            })  # fmt: skip


def dataverse(
    entities: tuple[Entity, ...],
    stores: tuple[Store, ...],
    people: tuple[Person, ...],
    files: Files,
) -> None:
    """Dataverse: two people never promoted, one account that is in D365."""

    def add(resource: str, *rows: Row) -> None:
        put(files, "dataverse", "org", resource, *rows)

    common = {
        "emailaddress2": None, "emailaddress3": None, "statecode": 0, "statuscode": 1,
        "msdyn_identificationnumber": None, "address1_country": "US",
        "modifiedon": "2026-04-10T10:00:00Z", "createdon": "2026-04-10T10:00:00Z",
    }  # fmt: skip
    for entity in entities:
        company = shapes.guid("company", entity.code)
        add("cdm_companies", {
            "cdm_companyid": company, "cdm_companycode": entity.code.upper(),
            "cdm_name": entity.code,
        })  # fmt: skip
        add("accounts", common | {
            "accountid": shapes.guid("promoted", entity.code), "name": "Filler 1",
            "accountnumber": "K-1", "customertypecode": 3, "_msdyn_company_value": company,
            "emailaddress1": None, "msdyn_taxexemptnumber": None, "msdyn_partynumber": None,
        })  # fmt: skip
    add("accounts")
    for code, rate in (("USD", 1), (FOREIGN, 10.5)):
        add("transactioncurrencies", {
            "transactioncurrencyid": shapes.guid("currency", code), "isocurrencycode": code,
            "currencyname": code, "exchangerate": rate, "statecode": 0,
        })  # fmt: skip
    company = shapes.guid("company", entities[0].code) if entities else None
    add("contacts", common | {
        "contactid": shapes.guid("contact"), "fullname": "A contact", "firstname": "A",
        "msdyn_sellable": True, "msdyn_contactpersonid": None, "emailaddress1": "c@dv.test",
        "_msdyn_company_value": company, "createdon": "2026-02-01T00:00:00Z",
    })  # fmt: skip
    for store in stores:
        for one in people:
            if one.is_in_dataverse:
                add("accounts", common | {
                    "accountid": shapes.guid("account", *store), "name": one.who(store)["person"],
                    "accountnumber": None, "customertypecode": 3, "_msdyn_company_value": company,
                    "emailaddress1": one.email(store), "msdyn_taxexemptnumber": None,
                    "msdyn_partynumber": None,
                })  # fmt: skip


def flows(files: Files) -> None:
    """Two flows of the integration; one failed on the last day."""

    def add(resource: str, *rows: Row) -> None:
        put(files, "power_automate", "org", resource, *rows)

    for place, name in enumerate(("Ecom - Create D365 customer", "Ecom - Sync order")):
        flow = shapes.guid("flow", place)
        add("workflows", {
            "workflowid": flow, "name": name, "category": 5, "statecode": 1,
            "createdon": "2025-01-01T00:00:00Z", "modifiedon": "2026-01-01T00:00:00Z",
        })  # fmt: skip
        for run in range(3):
            started = shapes.iso(local(12, 18) - timedelta(hours=7 * run))
            add("flow_runs", {
                "flowrunid": shapes.guid("run", place, run), "name": f"run{run}",
                "status": "Failed" if (place, run) == (0, 0) else "Succeeded",
                "starttime": started, "endtime": started, "workflowid": flow,
                "_workflow_value": flow, "isprimary": 1, "parentrunid": None,
                "modifiedon": started,
            })  # fmt: skip


def field_map(stores: tuple[Store, ...], entities: tuple[Entity, ...]) -> dict[str, Table]:
    """The two mandatory files, and the countries of several entities."""
    tables: dict[str, Table] = {
        "legal_entities": [
            {"legal_entity_id": one.entity_id, "legal_entity_name": one.entity_id.upper(),
             "erp": one.erp, "erp_code": one.code, "functional_currency_code": one.currency,
             "country_code": one.country, "time_zone": "America/New_York",
             "is_reporting_entity": str(place == 0).lower(),
             "customer_master_legal_entity_id": one.shared_master}
            for place, one in enumerate(entities)
        ],
        "stores": [
            {"platform": one.platform, "instance": one.instance, "store_name": one.instance,
             "segment": "", "time_zone": "America/New_York",
             "default_legal_entity_id": entities[0].entity_id,
             "order_reference_rule":
                "document_number|external_document_number|customer_reference",
             "order_reference_prefix": one.prefix, "is_in_scope": "true"}
            for one in stores
        ],
    }  # fmt: skip
    if len(entities) > 1:
        tables["ship_to_countries"] = [
            {"country_code": one.country, "platform": "*", "legal_entity_id": one.entity_id}
            for one in entities
        ]
    return tables
