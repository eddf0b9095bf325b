"""BigCommerce: V2 orders, V3 customers, B2B Edition companies, orders and quotes.

API     {base_url}/stores/{store_hash}/v2 and /v3; B2B Edition {b2b_base_url} when `b2b = true`
Auth    X-Auth-Token; B2B Edition also X-Store-Hash
Paging  V2 `page` until 204 without a body; V3 `page` up to meta.pagination.total_pages;
        B2B `offset` up to totalCount
Limits  a quota per 30 s window, 429 with X-Rate-Limit-Time-Reset-Ms (milliseconds) instead of
        Retry-After
Notes   V2 times are RFC 2822 and never compared as text. Addresses of an order come with
        include=consignments, else they cost one request per order. V3 embeds at most 10
        attributes, so those of customers with more come from /customers/attribute-values.
        B2B lists cover only the default storefront, unless `channel_ids` lists others.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any

import requests
from dlt.sources.helpers.rest_client.paginators import OffsetPaginator, PageNumberPaginator

from pipelines.sources.base import (
    Cursor,
    Endpoint,
    Instance,
    Job,
    Page,
    endpoints_of,
    iso_text,
    iso_time,
    mail_time,
    rest_jobs,
    rest_pages,
    unix_time,
)
from pipelines.sources.http import (
    BACK_OFF,
    TRANSIENT_STATUS,
    HeaderCredential,
    HttpSession,
    RetryPolicy,
    retry_after_seconds,
)

NAME = "bigcommerce"
API = "https://api.bigcommerce.com"
B2B_API = "https://api-b2b.bigcommerce.com/api/v3/io"
B2B_ROWS = 200
EMBEDDED_ATTRIBUTES = 10


class CountedOffsetPaginator(OffsetPaginator):
    """Advances by the rows received: a server may send fewer than requested."""

    def update_state(self, response: requests.Response, data: list[Any] | None = None) -> None:
        self.value_step = len(data or []) or self.limit
        super().update_state(response, data)


PAGES = partial(PageNumberPaginator, base_page=1)  # 1, 2, 3 …
ROWS = partial(CountedOffsetPaginator, limit=B2B_ROWS)
B2B_TOTAL = "meta..totalCount"  # below meta.pagination or meta: the specification has both
NAMED = {
    "until empty": partial(PAGES, total_path=None, stop_after_empty_page=True),  # V2
    "until total": partial(PAGES, total_path="meta.pagination.total_pages"),  # V3
    "by rows": partial(ROWS, total_path=B2B_TOTAL),
    "by rows of quotes": partial(ROWS, total_path="data.pagination.totalCount"),
    "min_date_modified": lambda moment: {"min_date_modified": iso_text(moment)},
    "date_modified:min": lambda moment: {"date_modified:min": iso_text(moment)},
    "minModified": lambda moment: {"minModified": str(int(moment.timestamp()))},  # Unix seconds
    "date_modified of V2": Cursor("date_modified", mail_time),
    "date_modified of V3": Cursor("date_modified", iso_time),
    "updatedAt": Cursor("updatedAt", unix_time),
}
ORDERS, CUSTOMERS, ATTRIBUTE_VALUES, *B2B_EDITION = endpoints_of(NAME, NAMED)


def jobs(instance: Instance, policy: RetryPolicy) -> Iterator[Job]:
    """The resources of one store; those of B2B Edition when `b2b = true`."""
    store_hash = instance.require("store_hash")
    base_url = f"{instance.base_url(API)}/stores/{store_hash}"
    credential = HeaderCredential({"X-Auth-Token": instance.secret("access_token")})

    session = HttpSession(base_url, credential, policy, rate_pause)
    for job in rest_jobs(instance, session, [ORDERS, CUSTOMERS]):
        if job.resource == "customers":
            job = replace(job, pages=partial(_customers, session))
        yield job
    if instance.get("b2b", bool, False):
        b2b_url = instance.url("b2b_base_url", B2B_API)
        headers = {"X-Store-Hash": store_hash}
        b2b = HttpSession(b2b_url, credential, policy, rate_pause, headers=headers)
        yield from rest_jobs(instance, b2b, [_with_channels(one, instance) for one in B2B_EDITION])


def rate_pause(response: requests.Response) -> float | None:
    """Seconds to wait: `X-Rate-Limit-Time-Reset-Ms` (ms), `X-Retry-After` or `Retry-After` (s)."""
    if response.status_code not in TRANSIENT_STATUS:
        return None
    try:
        reset = float(response.headers.get("X-Rate-Limit-Time-Reset-Ms", "0")) / 1000
    except ValueError:
        reset = 0.0
    headers = (response.headers.get(name) for name in ("Retry-After", "X-Retry-After"))
    asked = next((seconds for seconds in map(retry_after_seconds, headers) if seconds), None)
    return max(reset, 0.0) or asked or BACK_OFF


def _customers(session: HttpSession, since: datetime | None) -> Iterator[Page]:
    """Customer pages in which customers with more than 10 attributes have all of them."""
    for page in rest_pages(session, CUSTOMERS, since):
        for customer in page:
            if int(customer.get("attribute_count") or 0) > EMBEDDED_ATTRIBUTES:
                wanted = {**ATTRIBUTE_VALUES.params, "customer_id:in": str(customer["id"])}
                values = rest_pages(session, replace(ATTRIBUTE_VALUES, params=wanted))
                customer["attributes"] = list(chain.from_iterable(values))
        yield page


def _with_channels(endpoint: Endpoint, instance: Instance) -> Endpoint:
    channels = ",".join(instance.words("channel_ids"))
    if not channels or endpoint.resource == "companies":
        return endpoint
    return replace(endpoint, params={**endpoint.params, "channelIds[]": channels})
