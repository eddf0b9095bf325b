"""Adobe Commerce: repeated last page, three ways to authenticate."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qsl, quote

import pytest

from pipelines.sources.adobe_commerce import api as adobe_commerce
from pipelines.sources.base import Instance, Job
from pipelines.sources.http import ApiError, RetryPolicy
from tests.python.live import records as r
from tests.python.live import worlds
from tests.python.live.server import Answer, Asked, Refused, StrictServer
from tests.python.live.systems import AdobeServer

SHOP = Instance("adobe_commerce", "main")
OAUTH = {
    "consumer_key": "ck",
    "consumer_secret": "consumer-secret",
    "access_token": "at",
    "access_token_secret": "token-secret",
}


@pytest.fixture
def world(serve: Callable, configure: Callable) -> worlds.World:
    return worlds.adobe_commerce(serve, configure)


def job(policy: RetryPolicy, resource: str = "orders") -> Job:
    return next(job for job in adobe_commerce.jobs(SHOP, policy) if job.resource == resource)


def fetched(policy: RetryPolicy, resource: str = "orders", since: datetime | None = None) -> list:
    return [record for page in job(policy, resource).pages(since) for record in page]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 10])
@pytest.mark.parametrize("resource", worlds.ADOBE)
def test_the_repeated_last_page_is_not_loaded_twice(
    world: worlds.World, configure: Callable, policy: RetryPolicy, size: int, resource: str
) -> None:
    configure("adobe_commerce", "main", page_size=size)
    records = fetched(policy, resource)
    assert [x.get("entity_id", x.get("id")) for x in records] == [1, 2, 3, 4, 5]
    assert world.server.count() == -(-5 // size)


def test_a_shop_that_sends_smaller_pages_than_asked_for(
    world: worlds.World, configure: Callable, policy: RetryPolicy
) -> None:
    configure("adobe_commerce", "main", page_size=4)
    world.server.most_rows = 2
    assert [order["entity_id"] for order in fetched(policy)] == [1, 2, 3, 4, 5]


def test_an_empty_shop_is_one_request(world: worlds.World, policy: RetryPolicy) -> None:
    world.server.records["orders"] = []
    assert fetched(policy) == [] and world.server.count() == 1


def test_a_total_that_is_not_reached_is_an_error(world: worlds.World, policy: RetryPolicy) -> None:
    page = {"items": world.server.records["orders"][:2], "total_count": 99}
    world.server.fail("orders", *[Answer(page)] * 9)
    with pytest.raises(ApiError, match="repeated a page"):
        fetched(policy)
    world.server.faults.clear()
    world.server.fail("orders", Answer({"items": [], "total_count": 5}))
    with pytest.raises(ApiError, match="total_count is 5"):
        fetched(policy)


def test_changes_are_asked_for_in_the_shop_s_time_format(
    world: worlds.World, policy: RetryPolicy
) -> None:
    assert [order["entity_id"] for order in fetched(policy, since=r.ago(6))] == [1]


def test_carts_without_a_negotiable_quote_are_left_out(
    world: worlds.World, policy: RetryPolicy
) -> None:
    world.server.records["negotiable_quotes"][0]["extension_attributes"] = {}
    assert [cart["id"] for cart in fetched(policy, "negotiable_quotes")] == [2, 3, 4, 5]


def test_lists_may_be_switched_off(
    world: worlds.World, configure: Callable, policy: RetryPolicy
) -> None:
    configure("adobe_commerce", "main", companies="false", negotiable_quotes="false")
    assert [j.resource for j in adobe_commerce.jobs(SHOP, policy)] == ["orders", "customers"]


def signature_is_right(server: StrictServer, asked: Asked, seen: set[str]) -> bool:
    """OAuth 1.0a, HMAC-SHA256, recomputed here; a nonce is used once."""
    scheme, _, rest = asked.headers.get("authorization", "").partition(" ")
    if scheme != "OAuth":
        return False
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    values = {name: dict(parse_qsl(f"v={value[1:-1]}"))["v"] for name, value in parts.items()}
    signature = values.pop("oauth_signature")
    if values["oauth_signature_method"] != "HMAC-SHA256" or values["oauth_nonce"] in seen:
        raise Refused("signature method or nonce")
    seen.add(values["oauth_nonce"])
    pairs = sorted(
        (quote(name, safe="~"), quote(value, safe="~"))
        for name, value in {**asked.params, **values}.items()
    )
    base = "&".join(
        quote(part, safe="~")
        for part in ("GET", server.url + asked.path, "&".join("=".join(pair) for pair in pairs))
    )
    digest = hmac.new(b"consumer-secret&token-secret", base.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode() == signature


def test_oauth1_signs_every_attempt_anew(
    world: worlds.World, configure: Callable, policy: RetryPolicy
) -> None:
    configure("adobe_commerce", "main", auth="oauth1", **OAUTH)
    seen: set[str] = set()
    world.server.authorise = lambda asked: signature_is_right(world.server, asked, seen)
    world.server.fail("orders", Answer(status=503), skip=1)
    assert len(fetched(policy, since=r.ago(100))) == 5
    assert len(seen) == 3


class Ims(StrictServer):
    def __init__(self) -> None:
        super().__init__()
        self.tokens: list[str] = []

    def answer(self, asked: Asked) -> Answer:
        scope = adobe_commerce.IMS_SCOPES
        form = {"client_id": "ims-client", "client_secret": "ims-secret", "scope": scope}
        if asked.form() != {"grant_type": "client_credentials", **form}:
            raise Refused(f"form {asked.form()}")
        self.tokens.append(f"ims-token-{len(self.tokens)}")
        return Answer({"access_token": self.tokens[-1], "expires_in": 86399})


def test_ims_for_the_cloud_service(
    serve: Callable, configure: Callable, policy: RetryPolicy
) -> None:
    ims = serve(Ims())
    records = {resource: worlds.rows(make) for resource, make in worlds.ADOBE.items()}
    server = AdobeServer(records, root="/tenant")
    server.authorise = lambda asked: (
        asked.headers.get("authorization") == f"Bearer {ims.tokens[-1]}"
        and asked.headers.get("x-api-key") == "ims-client"
        and asked.headers.get("x-gw-ims-org-id") == "org@AdobeOrg"
    )
    serve(server)
    configure(
        *("adobe_commerce", "main"),
        base_url=f"{server.url}/tenant",
        auth="ims",
        token_url=f"{ims.url}/ims/token/v3",
        client_id="ims-client",
        client_secret="ims-secret",
        ims_org_id="org@AdobeOrg",
        page_size=2,
    )
    pages = job(policy).pages(None)
    next(pages)
    ims.tokens.append("revoked")
    assert len(list(pages)) == 2 and len(ims.tokens) == 3


def test_an_unknown_way_to_sign_is_named(
    world: worlds.World, configure: Callable, policy: RetryPolicy
) -> None:
    configure("adobe_commerce", "main", auth="basic")
    with pytest.raises(Exception, match="use bearer, oauth1 or ims"):
        job(policy)


def test_a_refused_integration_names_its_permission(
    world: worlds.World, policy: RetryPolicy
) -> None:
    world.server.authorise = lambda _: False
    with pytest.raises(ApiError, match="isn't authorized") as caught:
        job(policy).probe()
    assert caught.value.status == 401
    assert "Sales > Operations > Orders" in job(policy).permission
