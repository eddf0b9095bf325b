"""Other known formats of the records, so that a refusal can name them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.sources.tables import Resource


@dataclass(frozen=True)
class Shape:
    """A format by its signs: each is a field, or a combination of fields (in lower case).
    `unless`: fields of our own format only. Without `resources` it applies to any."""

    what: str
    reads: str
    signs: tuple[str, ...]
    unless: str = ""
    resources: str = ""

    def sign_in(self, resource: Resource, names: set[str]) -> list[str]:
        """The fields that identify the format, or none."""
        if self.resources and resource.name not in self.resources.split():
            return []
        if names & set(self.unless.split()):
            return []
        return next((sign.split() for sign in self.signs if names >= set(sign.split())), [])


OBJECTS = "one object of the API per line"
LINK = "set link_folder in .dlt/config.toml to read such a folder"
ENVELOPES = (
    Shape("Airbyte records", OBJECTS, ("_airbyte_data", "_airbyte_ab_id", "_airbyte_raw_id")),
    Shape("Singer or Airbyte messages", OBJECTS, ("type record", "type stream", "type value")),
    Shape("GraphQL edges", OBJECTS, ("edges", "node", "nodes")),
    Shape("whole answers of an API", OBJECTS, ("items", "data", "value", "results")),
    Shape("whole answers of an API", OBJECTS, ("orders", "customers", "companies")),
)
SHAPES: dict[str, tuple[Shape, ...]] = {
    "shopify": (
        Shape(
            "Shopify REST records",
            "Admin GraphQL nodes (createdAt, currentTotalPriceSet, defaultEmailAddress)",
            (
                *("created_at total_price", "admin_graphql_api_id", "created_at first_name"),
                *("first_name last_name", "created_at financial_status", "created_at updated_at"),
            ),
            unless="createdat updatedat displayname defaultemailaddress currenttotalpriceset",
        ),
    ),
    "bigcommerce": (
        Shape(
            "BigCommerce orders of another API",
            "V2 orders (date_created, status_id, total_inc_tax)",
            ("entityid", "order_id", "orderedat", "created_at", "createdat"),
            unless="date_created",
            resources="orders",
        ),
        Shape(
            "B2B Edition records in snake case",
            "B2B Edition REST records (companyId, bcOrderId, quoteId)",
            ("company_id", "company_name", "bc_order_id", "quote_id"),
            unless="companyid bcorderid quoteid",
            resources="companies b2b_orders quotes",
        ),
        Shape(
            "BigCommerce GraphQL customers",
            "V3 customers (id, email, first_name, last_name)",
            ("entityid", "firstname lastname"),
            unless="first_name last_name",
            resources="customers",
        ),
    ),
    "adobe_commerce": (
        Shape(
            "Adobe Commerce GraphQL orders",
            "REST orders (entity_id, created_at, state, grand_total)",
            ("order_date", "number total", "order_number", "orderdate"),
            unless="entity_id",
            resources="orders",
        ),
        Shape(
            "Adobe Commerce GraphQL records",
            "REST records (id, created_at, extension_attributes)",
            ("is_subscribed", "legal_address", "uid", "createdat"),
            unless="created_at extension_attributes company_name",
        ),
    ),
    "d365_fo": (
        Shape(
            "rows of an F&O table, as Synapse Link and SQL exports write them",
            f"data entities (CustomersV3, SalesOrderHeadersV2, FreeTextInvoiceHeaders); {LINK}",
            (
                *("accountnum", "salesid", "invoiceid", "recid", "exchangeratecurrencypair"),
                *("sinkcreatedon", "sinkmodifiedon", "sysrowversion", "isdelete", "partition"),
            ),
            unless="customeraccount salesordernumber invoiceidentifier fromcurrency legalentityid",
        ),
    ),
    "d365_bc": (
        Shape(
            "rows of a Business Central table",
            "API v2.0 records (id, number, lastModifiedDateTime)",
            (
                *("no_", "no.", "no-1", "no-3", "systemid", "$systemid", "systemid-2000000000"),
                *("no name", "currency code", "document no.", "document type"),
            ),
            unless="number displayname currencycode",
        ),
    ),
    "dataverse": (
        Shape(
            "rows of a Synapse Link table",
            f"Web API records (accountid, statecode, createdon); {LINK}",
            ("sinkcreatedon", "sinkmodifiedon", "isdelete"),
            unless="accountid contactid cdm_companyid transactioncurrencyid",
        ),
    ),
    "power_automate": (
        Shape(
            "flows or runs of the management API",
            "the Dataverse tables workflows and flow_runs (workflowid, flowrunid)",
            ("properties",),
            unless="workflowid flowrunid floweventid",
        ),
    ),
}


def known_shape(resource: Resource, names: Iterable[str], with_envelopes: bool = False) -> str:
    """The problem of a file with these fields; empty if they match no known format."""
    lower = {name.lower().strip() for name in names}
    shapes = SHAPES.get(resource.source, ()) + (ENVELOPES if with_envelopes else ())
    for shape in shapes:
        if sign := shape.sign_in(resource, lower):
            return (
                f"has {' and '.join(sign)}: these are {shape.what}, this loader reads {shape.reads}"
            )
    if with_envelopes and (snake := _snake_names(resource, lower)):
        return f"has {snake}: its fields are in snake case, this loader reads the API's own names"
    return ""


def _snake_names(resource: Resource, lower: set[str]) -> str:
    other = [c for c in resource.columns if c.name != c.field.lower()]
    found = [c.name for c in other if c.name in lower and c.field.lower() not in lower]
    return " and ".join(found[:2]) if len(found) > 1 else ""
