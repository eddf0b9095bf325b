"""Shopify, Admin GraphQL API.

API     POST https://{shop}.myshopify.com/admin/api/{version}/graphql.json; `version` is a setting
Auth    X-Shopify-Access-Token: a permanent `access_token` (shpat_…), or `client_id` and
        `client_secret` of an app of the same organisation, which give a token for 24 hours
Paging  cursor, at most 250 rows a page, and a search ends at 25,000 rows: after
        `bulk_after_rows` changes, and for a first load, a bulk operation fetches everything
Limits  points per shop, restored every second and shown in the answer. THROTTLED and all other
        errors have HTTP status 200
Notes   Orders, customers, company locations and drafts are requested by `updated_at` in quotes.
        The search index lags behind writes: one hour of overlap.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import requests
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

from pipelines.sources.base import (
    ConfigError,
    Cursor,
    Instance,
    Job,
    Page,
    fingerprint,
    guarded,
    iso_time,
)
from pipelines.sources.entra import client_credentials
from pipelines.sources.http import (
    BACK_OFF,
    ApiError,
    Credential,
    HeaderCredential,
    HttpSession,
    RetryPolicy,
    standard_pause,
)
from pipelines.sources.shopify.bulk import bulk_pages
from pipelines.sources.shopify.queries import (
    DEFAULT_VERSION,
    LISTINGS,
    VERSION,
    Listing,
    changed_since,
    document,
    fields_for,
    page_query,
)

NAME = "shopify"
TOKEN_HEADER = "X-Shopify-Access-Token"
PATH = "graphql.json"
PAGE_SIZE = 100
MOST_ROWS = 250
BULK_AFTER_ROWS = 5_000
DEEPEST_ROW = 25_000
PERMISSION = (
    "give the app the access scope {scope} and, for names and e-mail addresses, access to"
    " protected customer data"
)
SPARE_SECONDS = 0.1
TOO_EXPENSIVE = "MAX_COST_EXCEEDED"
ALL_ORDERS_SCOPE = "read_all_orders"


@dataclass(frozen=True)
class Shop:
    session: HttpSession
    address: str
    version: str
    page_size: int
    bulk_after_rows: int


def jobs(instance: Instance, policy: RetryPolicy) -> Iterator[Job]:
    shop = _shop(instance, policy)
    for listing in LISTINGS:
        yield Job(
            source=NAME,
            instance=instance.name,
            resource=listing.resource,
            endpoint=f"{shop.session.base_url}/{PATH}#{listing.connection}",
            pages=partial(_pages, shop, listing),
            probe=partial(_probe, shop, listing),
            permission=PERMISSION.format(scope=listing.scope),
            cursor=Cursor("updatedAt", iso_time),
            start=instance.start(),
            fingerprint=fingerprint(shop.address, fields_for(listing, shop.version)),
        )


def throttle_pause(response: requests.Response) -> float | None:
    """Seconds until the shop has the points for the query, if it was throttled."""
    if response.status_code != 200:
        return standard_pause(response)
    answer = response.json()
    if not isinstance(answer, dict) or "THROTTLED" not in _codes(answer):
        return None
    return _seconds_short(answer) or BACK_OFF


def raise_errors(response: requests.Response) -> None:
    """Raise ApiError for `errors` at HTTP 200 and for an answer without data."""
    answer = response.json()
    if not isinstance(answer, dict):
        raise ApiError("Shopify answered something that is not a GraphQL result.", 200)
    errors = answer.get("errors")
    if errors:
        messages = [str(e.get("message", e)) if isinstance(e, dict) else str(e) for e in errors]
        if isinstance(errors, str):
            messages = [errors]
        code = ",".join(_codes(answer))
        status = 403 if "ACCESS_DENIED" in code else 200
        raise ApiError(
            f"Shopify refused the query ({code}): {'; '.join(messages)[:300]}", status, code
        )
    if not isinstance(answer.get("data"), dict):
        raise ApiError("Shopify answered without data and without errors.", 200)


def graphql(session: HttpSession, query: str, variables: dict[str, Any]) -> Any:
    response = RESTClient(session.base_url, session=session).post(
        PATH, json={"query": query, "variables": variables}, hooks={"response": []}
    )
    return response.json()["data"]


def _pages(shop: Shop, listing: Listing, since: datetime | None) -> Iterator[Page]:
    """All pages; a bulk operation for a first load or too many changes, with rows merged by id."""
    if since is not None:
        rows = 0
        for page, has_more in _search(shop, listing, since):
            yield page
            rows += len(page)
            if has_more and rows >= shop.bulk_after_rows:
                break
        else:
            return
    ask = partial(graphql, shop.session)
    yield from bulk_pages(ask, listing, shop.version, since, shop.session.policy)


def _search(shop: Shop, listing: Listing, since: datetime) -> Iterator[tuple[Page, bool]]:
    """(page, has more) of one search; a query that costs too much is halved."""
    session, size, after = shop.session, shop.page_size, None
    info = f"data.{listing.connection}.pageInfo"
    selector = f"data.{listing.connection}.nodes"
    while True:
        variables = {"first": size, "after": after, "query": changed_since(since)}
        pages = RESTClient(session.base_url, session=session).paginate(
            PATH,
            method="POST",
            json={"query": page_query(listing, shop.version), "variables": variables},
            paginator=JSONResponseCursorPaginator(
                cursor_path=f"{info}.endCursor",
                cursor_body_path="variables.after",
                has_more_path=f"{info}.hasNextPage",
            ),
            data_selector=selector,
            hooks={"response": []},
        )
        try:
            for page in guarded(pages, selector):
                answer = page.response.json()
                end = answer["data"][listing.connection]["pageInfo"]
                after = end["endCursor"]
                yield list(page), bool(end["hasNextPage"])
                if end["hasNextPage"] and (seconds := _seconds_short(answer)):
                    # the next query of the same cost would be throttled
                    session.policy.sleep(seconds + SPARE_SECONDS)
            return
        except ApiError as error:
            if TOO_EXPENSIVE not in error.code or size == 1:
                raise
            size = size // 2


def _seconds_short(answer: dict[str, Any]) -> float:
    """Seconds until the points of this query are restored; 0 if available or unknown."""
    cost = (answer.get("extensions") or {}).get("cost") or {}
    status = cost.get("throttleStatus") or {}
    try:
        short = _number(cost["requestedQueryCost"]) - _number(status["currentlyAvailable"])
        return max(short, 0.0) / _number(status["restoreRate"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return 0.0


def _number(value: Any) -> float:
    return float(getattr(value, "encoded_json", value))


def _codes(answer: dict[str, Any]) -> list[str]:
    errors = answer.get("errors")
    if not isinstance(errors, list):
        return []
    found = [(e.get("extensions") or {}).get("code") for e in errors if isinstance(e, dict)]
    return [str(code) for code in found if code]


def _probe(shop: Shop, listing: Listing) -> str:
    """Query the scopes of the app. Raises ApiError if the one for this listing is missing."""
    data = graphql(shop.session, document("access"), {})
    scopes = {s["handle"] for s in data["currentAppInstallation"]["accessScopes"]}
    if not scopes & {listing.scope, listing.scope.replace("read_", "write_")}:
        raise ApiError(f"the access scope {listing.scope} is missing", 403)
    if listing.resource == "orders" and ALL_ORDERS_SCOPE not in scopes:
        return f"ok, but without {ALL_ORDERS_SCOPE} orders older than 60 days are missing"
    return "ok"


def _shop(instance: Instance, policy: RetryPolicy) -> Shop:
    version = instance.get("api_version", default=DEFAULT_VERSION)
    if not VERSION.match(version):
        raise ConfigError(
            f"api_version of {instance.section} is {version}; write a quarter such as"
            f" {DEFAULT_VERSION}."
        )
    default = None
    if not instance.get("base_url"):
        name = instance.require("shop").removesuffix(".myshopify.com")
        default = f"https://{name}.myshopify.com"
    address = instance.base_url(default)
    page_size = min(instance.get("page_size", int, PAGE_SIZE), MOST_ROWS)
    bulk_after_rows = instance.get("bulk_after_rows", int, BULK_AFTER_ROWS)
    base_url, credential = f"{address}/admin/api/{version}", _credential(instance, address, policy)
    session = HttpSession(base_url, credential, policy, throttle_pause, raise_errors)
    deepest = min(bulk_after_rows, DEEPEST_ROW - page_size)
    return Shop(session, address, version, page_size, deepest)


def _credential(instance: Instance, address: str, policy: RetryPolicy) -> Credential:
    token = instance.optional_secret("access_token")
    if token:
        return HeaderCredential({TOKEN_HEADER: token})
    if not instance.get("client_id"):
        instance.secret("access_token")
    url = instance.url("token_url", f"{address}/admin/oauth/access_token")
    return client_credentials(instance, url, policy, header=TOKEN_HEADER, prefix="")
