"""Dataverse Web API: customers, contacts, dual-write companies, currencies.

API     {base_url}/api/data/v9.2, base_url = https://{organisation}.crm.dynamics.com
Auth    Entra client credentials, scope {base_url}/.default, application user that reads at
        organisation level
Paging  @odata.nextLink, 5,000 rows; the link is opaque and needs the same Prefer header
Limits  6,000 requests and 20 minutes of execution in 5 minutes; 429 with Retry-After
Notes   Always whole: deletions do not arrive incrementally. Choices are integers, lookups are
        `_field_value`; their labels are annotations and stay in `record`. Without dual-write the
        table cdm_companies and the msdyn_ fields do not exist and are skipped.
"""

from collections.abc import Iterator

from pipelines.sources import link_folder
from pipelines.sources.base import Endpoint, Instance, Job, declared_fields
from pipelines.sources.http import HttpSession, RetryPolicy
from pipelines.sources.mapped_fields import mapped_fields
from pipelines.sources.odata import HEADERS, Service, entra_credential, odata_endpoint

NAME = "dataverse"
API = "api/data/v9.2"
LABELS = "OData.Community.Display.V1.FormattedValue"
PREFER = f'odata.maxpagesize={{rows}},odata.include-annotations="{LABELS}"'
MOST_ROWS = 5000
PRIVILEGE = (
    "give the application user a security role with organisation-level read on table {table}"
)
TABLES = {
    "accounts": "account",
    "contacts": "contact",
    "cdm_companies": "cdm_company",
    "transactioncurrencies": "transactioncurrency",
}
COMPANIES = "cdm_companies"
CUSTOMER_TABLES = ("accounts", "contacts")
LINK_QUERIES = {
    resource: link_folder.plain_query(NAME, resource, table) for resource, table in TABLES.items()
}


def jobs(instance: Instance, policy: RetryPolicy) -> Iterator[Job]:
    """The tables of one organisation, from its API or from its Synapse/Fabric Link folder."""
    if instance.get("link_folder"):
        yield from link_folder.jobs(instance, LINK_QUERIES)
        return
    yield from service(instance, policy).jobs(endpoints())


def service(instance: Instance, policy: RetryPolicy) -> Service:
    """One organisation, with the Prefer header that every page needs."""
    base_url = instance.base_url()
    credential = entra_credential(instance, f"{base_url}/.default", policy)
    rows = instance.get("page_size", int, MOST_ROWS)
    headers = {**HEADERS, "Prefer": PREFER.format(rows=rows)}
    session = HttpSession(base_url, credential, policy, headers=headers)
    return Service(instance, session, f"{API}/")


def endpoints() -> list[Endpoint]:
    return [
        odata_endpoint(
            NAME,
            resource,
            f"{API}/{resource}",
            PRIVILEGE.format(table=table),
            select=[name for name in declared_fields(NAME, resource) if not _is_dual_write(name)],
            wished=_wished(resource),
            optional=resource == COMPANIES,
        )
        for resource, table in TABLES.items()
    ]


def _wished(resource: str) -> list[str]:
    """Fields of dual-write, and those of the field map that may be in this table."""
    if resource not in CUSTOMER_TABLES:
        return []
    every = {field for table in CUSTOMER_TABLES for field in declared_fields(NAME, table)}
    dual_write = [name for name in declared_fields(NAME, resource) if _is_dual_write(name)]
    return [*dual_write, *(field for field in mapped_fields(NAME) if field not in every)]


def _is_dual_write(field: str) -> bool:
    return field.removeprefix("_").startswith("msdyn_")
