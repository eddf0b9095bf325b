"""BigCommerce: 204 pages, rate header, RFC 2822 times, more than ten attributes, B2B Edition."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pipelines.sources.base import Instance, Job, mail_time, unix_time
from pipelines.sources.bigcommerce import api as bigcommerce
from pipelines.sources.http import ApiError, RetryPolicy, dumps
from tests.python.live import records as r
from tests.python.live import worlds
from tests.python.live.conftest import Clock
from tests.python.live.server import Answer

STORE = Instance("bigcommerce", "wholesale")


@pytest.fixture
def world(serve: Callable, configure: Callable) -> worlds.World:
    return worlds.bigcommerce(serve, configure)


def job(policy: RetryPolicy, resource: str) -> Job:
    return next(job for job in bigcommerce.jobs(STORE, policy) if job.resource == resource)


def fetched(policy: RetryPolicy, resource: str, since: datetime | None = None) -> list:
    records = [record for page in job(policy, resource).pages(since) for record in page]
    return json.loads(dumps(records))


@pytest.mark.parametrize("resource", worlds.BIGCOMMERCE)
def test_smaller_pages_than_asked_for_lose_nothing(
    world: worlds.World, policy: RetryPolicy, resource: str
) -> None:
    assert fetched(policy, resource) == world.records["wholesale", resource]


@pytest.mark.parametrize("resource", worlds.BIGCOMMERCE)
def test_only_what_changed_is_asked_for(
    world: worlds.World, policy: RetryPolicy, resource: str
) -> None:
    assert fetched(policy, resource, r.ago(6)) == world.records["wholesale", resource][:1]


def test_orders_end_with_204(world: worlds.World, policy: RetryPolicy) -> None:
    world.server.records["orders"] = world.server.records["orders"][:4]
    assert len(fetched(policy, "orders")) == 4
    assert world.server.count("v2/orders") == 3
    assert fetched(policy, "orders", datetime.now(UTC)) == []


def test_rate_header_in_milliseconds_is_waited_for(
    world: worlds.World, policy: RetryPolicy, clock: Clock
) -> None:
    headers = {"X-Rate-Limit-Time-Reset-Ms": "29500", "X-Rate-Limit-Requests-Left": "0"}
    world.server.fail("v2/orders", Answer(status=429, headers=headers), skip=1)
    world.server.fail(
        "v3/customers", Answer(status=429), Answer(status=429, headers={"X-Retry-After": "9"})
    )
    fetched(policy, "orders")
    assert clock.waits == [pytest.approx(29.5 + 1)]
    fetched(policy, "customers")
    assert clock.waits[1:] == [1.0, pytest.approx(9 + 1)]


def test_all_attributes_of_a_customer_come(world: worlds.World, policy: RetryPolicy) -> None:
    attributes = {c["id"]: len(c["attributes"]) for c in fetched(policy, "customers")}
    assert attributes[3] == 12 and attributes[1] == 1
    assert world.server.count("attribute-values") == 6, "only for the customer with more than ten"


def test_an_object_instead_of_the_list_is_an_error(
    world: worlds.World, policy: RetryPolicy
) -> None:
    world.server.fail("v2/orders", Answer({"status": 200}))
    with pytest.raises(ApiError, match="without the list"):
        fetched(policy, "orders")
    world.server.fail("v3/customers", Answer({"meta": {"pagination": {"total_pages": 1}}}))
    with pytest.raises(ApiError, match="without the list"):
        fetched(policy, "customers")


def test_a_page_that_is_sent_again_and_again_ends_the_load(
    world: worlds.World, policy: RetryPolicy
) -> None:
    page = world.server.records["orders"][:2]
    world.server.fail("v2/orders", *[Answer(page)] * 99)
    with pytest.raises(ApiError, match="repeated a page"):
        fetched(policy, "orders")
    assert world.server.count("v2/orders") == 2


def test_missing_paging_fields_do_not_print_records(
    world: worlds.World, policy: RetryPolicy
) -> None:
    world.server.fail("v3/customers", Answer({"data": world.server.records["customers"]}))
    with pytest.raises(ApiError, match="missing or wrong paging fields") as caught:
        fetched(policy, "customers")
    assert "wholesale-x.test" not in str(caught.value)


def test_without_b2b_edition_its_lists_are_not_asked_for(
    world: worlds.World, configure: Callable, policy: RetryPolicy
) -> None:
    configure("bigcommerce", "wholesale", b2b="false")
    assert [j.resource for j in bigcommerce.jobs(STORE, policy)] == ["orders", "customers"]


def test_mail_times_are_compared_as_times() -> None:
    assert mail_time("Wed, 05 Dec 2025 10:00:00 +0000") < mail_time(
        "Sat, 06 Dec 2025 10:00:00 +0000"
    )
    assert mail_time("Thu, 09 Apr 2026 10:03:22 -0400") == datetime(
        2026, 4, 9, 14, 3, 22, tzinfo=UTC
    )
    assert mail_time("") is None and unix_time("x") is None
