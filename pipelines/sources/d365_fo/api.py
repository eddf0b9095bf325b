"""Dynamics 365 Finance & Operations, OData entities.

API     {base_url}/data, base_url = https://{environment}.operations.dynamics.com
Auth    Entra client credentials, scope {base_url}/.default; the application must be registered in
        System administration > Setup > Microsoft Entra applications
Paging  @odata.nextLink, at most 10,000 rows a page
Limits  429 with Retry-After (seconds), by use of resources
Notes   Without cross-company=true only the user's default company is returned, silently.
        CustomersV3 has no modification time: masters are always whole. Orders and invoices are
        requested again from `look_back_days` before the newest, because only their creation time
        is known but their state changes; draft invoices are always requested.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from pipelines.sources import link_folder
from pipelines.sources.base import Cursor, Endpoint, Instance, Job, endpoints_of, iso_text, iso_time
from pipelines.sources.http import HttpSession, RetryPolicy
from pipelines.sources.mapped_fields import mapped_fields
from pipelines.sources.odata import HEADERS, Service, entra_credential, newer_than, odata_endpoint

NAME = "d365_fo"
LOOK_BACK_DAYS = 60
LINK_QUERIES = link_folder.sql_queries(Path(__file__).with_name("link"))


def jobs(instance: Instance, policy: RetryPolicy) -> Iterator[Job]:
    """The resources of one environment, from its API or from its Synapse/Fabric Link folder."""
    if instance.get("link_folder"):
        optional = [one.resource for one in endpoints(instance) if one.optional]
        yield from link_folder.jobs(instance, LINK_QUERIES, optional)
        return
    base_url = instance.base_url()
    credential = entra_credential(instance, f"{base_url}/.default", policy)
    session = HttpSession(base_url, credential, policy, headers=HEADERS)
    yield from Service(instance, session, "data/").jobs(endpoints(instance))


def endpoints(instance: Instance) -> list[Endpoint]:
    look_back = timedelta(days=instance.get("look_back_days", int, LOOK_BACK_DAYS))
    named = {
        "field map": mapped_fields("fo"),
        "created": newer_than("OrderCreationDateTime"),
        "OrderCreationDateTime": Cursor("OrderCreationDateTime", iso_time, look_back),
        "posted, or draft": _posted_since_or_draft,
        "InvoiceDate": Cursor("InvoiceDate", _invoice_time, look_back),
    }
    return endpoints_of(NAME, named, partial(odata_endpoint, NAME))


def _posted_since_or_draft(moment: datetime) -> str:
    draft = "IsPosted eq Microsoft.Dynamics.DataEntities.NoYes'No'"
    return f"(InvoiceDate ge {iso_text(moment)} or {draft})"


def _invoice_time(value: object) -> datetime | None:
    """The invoice date; None for the empty date of F&O (1900)."""
    moment = iso_time(value)
    return moment if moment and moment.year > 1900 else None
