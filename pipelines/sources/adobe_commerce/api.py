"""Adobe Commerce and Magento 2: orders, customers, companies, negotiable quotes.

API     {base_url}/V1, base_url = https://{host}/rest/all, or for Adobe Commerce as a Cloud
        Service https://{server}.api.commerce.adobe.com/{tenant}
Auth    `auth = "bearer"` (integration or admin token), `"oauth1"` (the four secrets of an
        integration, HMAC-SHA256) or `"ims"` (client credentials, x-api-key, x-gw-ims-org-id)
Paging  searchCriteria[currentPage]; after the last page it is repeated, so we stop after
        `total_count` rows
Limits  none documented for reads; 429 and 503 of the CDN before it, 429 with Retry-After in the
        Cloud Service
Notes   Times are UTC without a zone. Fields that are null are left out. Companies and quotes
        exist only with the B2B module (`companies`, `negotiable_quotes` = false to skip them).
        Quotes are carts with extension_attributes.negotiable_quote; other carts are dropped.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import requests
from dlt.sources.helpers.rest_client.paginators import PageNumberPaginator
from requests_oauthlib import OAuth1

from pipelines.sources.base import (
    ConfigError,
    Cursor,
    Endpoint,
    Instance,
    Job,
    Record,
    endpoints_of,
    iso_time,
    rest_jobs,
)
from pipelines.sources.entra import client_credentials
from pipelines.sources.http import (
    ApiError,
    Credential,
    HeaderCredential,
    HttpSession,
    RetryPolicy,
    safe_url,
)

NAME = "adobe_commerce"
IMS_TOKEN_URL = "https://ims-na1.adobelogin.com/ims/token/v3"
IMS_SCOPES = "openid,AdobeID,email,profile,additional_info.roles,commerce.accs"
PAGE_SIZE = 100
OAUTH1_SECRETS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")


class TotalCountPaginator(PageNumberPaginator):
    """Stops after `total_count` rows, as the last page repeats forever. Raises ApiError if the
    server stops sending rows earlier."""

    def __init__(self) -> None:
        super().__init__(base_page=1, page_param="searchCriteria[currentPage]", total_path=None)
        self.rows = 0

    def update_state(self, response: requests.Response, data: list[Any] | None = None) -> None:
        answer = response.json()
        total = answer.get("total_count") if isinstance(answer, dict) else None
        if not isinstance(total, int):
            raise ApiError(f"{safe_url(response.url)} answered without total_count.")
        self.rows += len(data or [])
        self.current_value += self.value_step
        self._has_next_page = self.rows < total
        if self._has_next_page and not data:
            raise ApiError(
                f"{safe_url(response.url)} sent {self.rows} rows, but total_count is {total}."
            )


class OAuth1Credential(Credential):
    """Signs each attempt separately with HMAC-SHA256: a nonce is accepted only once."""

    def __init__(self, key: str, secret: str, token: str, token_secret: str) -> None:
        self.secrets = (secret, token, token_secret)
        self.sign = OAuth1(key, secret, token, token_secret, signature_method="HMAC-SHA256")

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.pop("Authorization", None)
        return self.sign(request)


def jobs(instance: Instance, policy: RetryPolicy) -> Iterator[Job]:
    """The resources of one shop. Without the B2B module its lists are skipped."""
    credential, headers = _access(instance, policy)
    session = HttpSession(instance.base_url(), credential, policy, headers=headers)
    yield from rest_jobs(instance, session, endpoints(instance))


def endpoints(instance: Instance) -> list[Endpoint]:
    size = {"searchCriteria[pageSize]": str(instance.get("page_size", int, PAGE_SIZE))}
    named = {
        "until total": TotalCountPaginator,
        "updated_at from": _updated_since,
        "updated_at": Cursor("updated_at", iso_time),
        "negotiable quotes": _is_negotiable_quote,
    }
    return [
        replace(endpoint, params={**size, **endpoint.params})
        for endpoint in endpoints_of(NAME, named)
        if not endpoint.optional or instance.get(endpoint.resource, bool, True)
    ]


def _updated_since(moment: datetime) -> dict[str, str]:
    condition = "searchCriteria[filter_groups][0][filters][0]"
    return {
        f"{condition}[field]": "updated_at",
        f"{condition}[value]": moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        f"{condition}[condition_type]": "gteq",
    }


def _is_negotiable_quote(cart: Record) -> bool:
    quote = (cart.get("extension_attributes") or {}).get("negotiable_quote") or {}
    return bool(quote.get("quote_id") or quote.get("is_regular_quote"))


def _access(instance: Instance, policy: RetryPolicy) -> tuple[Credential, dict[str, str]]:
    """The credential, and the other headers of every request."""
    kind = instance.get("auth", default="bearer")
    if kind == "bearer":
        return HeaderCredential({"Authorization": f"Bearer {instance.secret('access_token')}"}), {}
    if kind == "oauth1":
        return OAuth1Credential(*map(instance.secret, OAUTH1_SECRETS)), {}
    if kind == "ims":
        url, key = instance.url("token_url", IMS_TOKEN_URL), instance.require("client_id")
        headers = {"x-api-key": key, "x-gw-ims-org-id": instance.require("ims_org_id")}
        return client_credentials(instance, url, policy, IMS_SCOPES), headers
    raise ConfigError(f"auth of {instance.section} is {kind}; use bearer, oauth1 or ims.")
