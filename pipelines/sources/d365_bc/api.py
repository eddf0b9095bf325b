"""Dynamics 365 Business Central, API v2.0.

API     {base_url}/companies({id})/…, base_url =
        https://api.businesscentral.dynamics.com/v2.0/{tenant}/{environment}/api/v2.0
Auth    Entra client credentials, scope https://api.businesscentral.dynamics.com/.default,
        application permission API.ReadWrite.All, enabled in page Microsoft Entra Applications;
        on premises also `auth = "basic"`: `user`, `web_service_key`, base_url = https://…/api/v2.0
Paging  @odata.nextLink, at most 20,000 rows a page
Limits  6,000 requests in 5 minutes, 5 at a time; 429 without Retry-After, 503, 504
Notes   Every company of the environment is loaded; the raw instance is the company name (with
        `company_prefix` if two environments have companies with the same name).
        Data-Access-Intent: ReadOnly reads the replica. A posted sales order is deleted, so open
        orders are loaded whole; times have 0 to 3 fraction digits and are compared as times.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from pipelines.sources.base import (
    ConfigError,
    Cursor,
    Endpoint,
    Instance,
    Job,
    endpoints_of,
    iso_time,
    rest_pages,
)
from pipelines.sources.http import BasicCredential, Credential, HttpSession, RetryPolicy
from pipelines.sources.odata import HEADERS, Service, entra_credential, newer_than, odata_endpoint

NAME = "d365_bc"
ROOT = "https://api.businesscentral.dynamics.com/v2.0/{tenant}/{environment}/api/v2.0"
SCOPE = "https://api.businesscentral.dynamics.com/.default"
MOST_ROWS = 20_000
NAMED = {
    "lastModifiedDateTime after": newer_than("lastModifiedDateTime", "gt"),
    "lastModifiedDateTime": Cursor("lastModifiedDateTime", iso_time),
}
COMPANIES, *OF_A_COMPANY = endpoints_of(NAME, NAMED, partial(odata_endpoint, NAME))


def jobs(instance: Instance, policy: RetryPolicy) -> Iterator[Job]:
    """`companies` of the environment, then every resource of every company."""
    root = None
    if not instance.get("base_url"):
        names = {name: instance.require(name) for name in ("tenant", "environment")}
        root = ROOT.format(**names)
    base_url = instance.base_url(root)
    headers = {
        **HEADERS,
        "Data-Access-Intent": "ReadOnly",
        "Prefer": f"odata.maxpagesize={instance.get('page_size', int, MOST_ROWS)}",
    }
    session = HttpSession(base_url, _credential(instance, policy), policy, headers=headers)
    service = Service(instance, session)
    yield from service.jobs([COMPANIES])
    prefix = instance.get("company_prefix", default="")
    wanted = {name.lower() for name in instance.words("companies")}
    for page in rest_pages(session, COMPANIES):
        for company in page:
            if not wanted or str(company["name"]).lower() in wanted:
                of_company = endpoints(str(company["id"]))
                yield from service.jobs(of_company, f"{prefix}{company['name']}")


def endpoints(company_id: str) -> list[Endpoint]:
    return [replace(one, path=f"companies({company_id})/{one.path}") for one in OF_A_COMPANY]


def _credential(instance: Instance, policy: RetryPolicy) -> Credential:
    kind = instance.get("auth", default="entra")
    if kind == "entra":
        return entra_credential(instance, SCOPE, policy)
    if kind == "basic":
        return BasicCredential(instance.require("user"), instance.secret("web_service_key"))
    raise ConfigError(f"auth of {instance.section} is {kind}; use entra or basic.")
