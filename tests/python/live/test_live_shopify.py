"""Shopify: throttling, errors at HTTP 200, both tokens, windows, bulk operations, versions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate

from pipelines.settings import PROJECT
from pipelines.sources.base import Instance, Job
from pipelines.sources.http import ApiError, RetryPolicy
from pipelines.sources.shopify import api as shopify
from pipelines.sources.shopify import queries as queries
from pipelines.sources.shopify.bulk import objects
from pipelines.sources.tables import snake_case
from tests.python.live import records as r
from tests.python.live import worlds
from tests.python.live.conftest import Clock
from tests.python.live.server import Answer
from tests.python.live.systems import ShopifyServer, schema_of

SINCE = r.ago(48)
STAGING = PROJECT / "models" / "platforms" / "shopify"
US = Instance("shopify", "us-dtc")


@pytest.fixture
def world(serve: Callable, configure: Callable, clock: Clock) -> worlds.World:
    world = worlds.shopify(serve, configure)
    world.server.clock = clock
    return world


def job(policy: RetryPolicy, resource: str = "orders") -> Job:
    return next(job for job in shopify.jobs(US, policy) if job.resource == resource)


def ids(pages: list) -> list[str]:
    return sorted(record["id"] for page in pages for record in page)


@pytest.mark.parametrize("version", queries.VERSIONS)
def test_every_query_is_valid_in_every_version(version: str) -> None:
    schema = schema_of(version)
    documents = [queries.page_query(listing, version) for listing in queries.LISTINGS]
    documents += [queries.bulk_query(listing, version, SINCE) for listing in queries.LISTINGS]
    documents += [
        queries.document(name, version=version) for name in ("access", "bulk_start", "bulk_poll")
    ]
    for document in documents:
        assert not validate(schema, parse(document)), document


def test_newer_fields_are_asked_for_from_their_version_on() -> None:
    customers = queries.LISTINGS[1]
    assert "taxSettings" not in queries.page_query(customers, "2026-04")
    assert "taxSettings { taxId }" in queries.page_query(customers, "2026-07")
    assert not validate(schema_of("2026-07"), parse(queries.page_query(customers, "2026-07")))
    assert validate(schema_of("2026-04"), parse(queries.page_query(customers, "2026-07")))


READ = re.compile(r"json_text\('(?:\w+\.)?(\w+)', '([\w.]+)'\)")
CAST = re.compile(r"\('\w+', '(\w+)\.([\w.]+)', '")  # in the list of casts
OLDER = {("customer", "email")}  # webhooks and exports have it; the API deprecates it


def selected(node: Any) -> dict[str, Any]:
    """The fields of a selection, nested; those of a union's members merged."""
    found: dict[str, Any] = {}
    for part in node.selection_set.selections if node.selection_set else ():
        inner = selected(part)
        found |= inner if part.kind == "inline_fragment" else {part.name.value: inner}
    return found


def test_all_that_staging_reads_is_asked_for() -> None:
    for listing in queries.LISTINGS:
        query = parse(queries.page_query(listing, queries.DEFAULT_VERSION))
        nodes = selected(query.definitions[0])[listing.connection]["nodes"]
        columns = {snake_case(field): inner for field, inner in nodes.items()}
        models = [*STAGING.glob(f"stg_shopify__{listing.resource}.sql")]
        assert models, listing.resource
        text = models[0].read_text()
        for column, path in {*READ.findall(text), *CAST.findall(text)} - OLDER:
            inner = columns[column]
            for field in path.split("."):
                assert field in inner, f"{listing.resource}: {column}.{path}"
                inner = inner[field]


def test_pages_hold_every_order_once(world: worlds.World, policy: RetryPolicy) -> None:
    pages = list(job(policy).pages(SINCE))
    assert [len(page) for page in pages] == [2, 2, 1]
    assert ids(pages) == sorted(order["id"] for order in world.records["us-dtc", "orders"])


def test_throttled_at_200_waits_for_the_points(
    world: worlds.World, policy: RetryPolicy, clock: Clock
) -> None:
    world.server.points, world.server.restore_rate = 1.0, 0.5
    assert len(ids(list(job(policy).pages(SINCE)))) == 5
    # a page of 2 costs 4 points: 3 are short at first, 4 before each further page
    assert clock.waits[0] == pytest.approx(6 + 1) and len(clock.waits) >= 3
    throttled = world.server.count() - 3
    assert throttled == 1, "after the first answer we wait instead of being throttled"


def test_a_query_that_costs_too_much_is_halved(
    world: worlds.World, policy: RetryPolicy, configure: Callable
) -> None:
    configure("shopify", "us-dtc", page_size=4)
    world.server.cost_of_a_row = 300
    assert len(ids(list(job(policy).pages(SINCE)))) == 5
    sizes = [asked.json()["variables"]["first"] for asked in world.server.asked]
    assert sizes == [4, 2, 2, 2]


@pytest.mark.parametrize(
    "body",
    [
        {"errors": [{"message": "Access denied", "extensions": {"code": "ACCESS_DENIED"}}]},
        {"data": {"orders": None}, "errors": [{"message": "Access denied for orders field."}]},
        {"data": None},
        {"errors": "Unavailable Shop"},
        {},
    ],
)
def test_errors_at_200_stop_the_resource(
    world: worlds.World, policy: RetryPolicy, body: dict
) -> None:
    world.server.fail("graphql", Answer(body), skip=1)
    pages = job(policy).pages(SINCE)
    next(pages)
    with pytest.raises(ApiError):
        list(pages)


def test_protected_customer_data_is_named(world: worlds.World, policy: RetryPolicy) -> None:
    error = {"message": "Access denied", "extensions": {"code": "ACCESS_DENIED"}}
    world.server.fail("graphql", Answer({"data": None, "errors": [error]}))
    with pytest.raises(ApiError) as caught:
        list(job(policy).pages(SINCE))
    assert caught.value.status == 403
    assert "protected customer data" in job(policy).permission


def test_a_repeated_cursor_ends_the_load(world: worlds.World, policy: RetryPolicy) -> None:
    page = {
        "nodes": world.records["us-dtc", "orders"][:2],
        "pageInfo": {"hasNextPage": True, "endCursor": "2"},
    }
    world.server.fail("graphql", *[Answer({"data": {"orders": page}})] * 99)
    with pytest.raises(ApiError, match=r"repeated a page|same next page"):
        list(job(policy).pages(SINCE))
    assert world.server.count() <= 3


def test_a_day_token_is_fetched_and_renewed(
    world: worlds.World, policy: RetryPolicy, configure: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCES__SHOPIFY__US_DTC__ACCESS_TOKEN")
    configure("shopify", "us-dtc", **ShopifyServer.client)
    pages = job(policy).pages(SINCE)
    next(pages)
    world.server.tokens = {"revoked"}
    assert len(list(pages)) == 2
    assert world.server.token_requests == 2


def test_a_shop_without_secrets_says_what_is_missing(
    configure: Callable, policy: RetryPolicy
) -> None:
    configure("shopify", "us-dtc", shop="us-dtc")
    with pytest.raises(Exception, match="access_token is missing for shopify instance us-dtc"):
        next(shopify.jobs(US, policy))


def test_many_changes_are_fetched_by_a_bulk_operation(
    world: worlds.World, policy: RetryPolicy, configure: Callable
) -> None:
    configure("shopify", "us-dtc", bulk_after_rows=4)
    pages = list(job(policy).pages(r.ago(18)))
    assert [len(page) for page in pages] == [2, 1] and not world.server.bulk
    pages = list(job(policy).pages(SINCE))
    assert [len(page) for page in pages] == [2, 2, 5] and len(world.server.bulk) == 1
    assert set(ids(pages)) == {order["id"] for order in world.records["us-dtc", "orders"]}


def test_pages_end_before_the_search_does(
    world: worlds.World, policy: RetryPolicy, configure: Callable
) -> None:
    configure("shopify", "us-dtc", bulk_after_rows=10**6)
    shop = shopify._shop(US, policy)
    assert shop.bulk_after_rows + shop.page_size == shopify.DEEPEST_ROW


@pytest.mark.parametrize("version", queries.VERSIONS)
def test_a_first_load_is_a_bulk_operation(
    serve: Callable, configure: Callable, policy: RetryPolicy, clock: Clock, version: str
) -> None:
    world = worlds.shopify(serve, configure, version)
    for resource in worlds.SHOPIFY:
        by_bulk = ids(list(job(policy, resource).pages(None)))
        assert by_bulk == ids([world.records["us-dtc", resource]])
    assert len(clock.waits) == 8, "each operation is polled three times"


def test_bulk_and_pages_give_the_same_records(world: worlds.World, policy: RetryPolicy) -> None:
    def by_id(since: datetime | None, resource: str) -> str:
        records = [record for page in job(policy, resource).pages(since) for record in page]
        return json.dumps(sorted(records, key=lambda record: record["id"]))

    for resource in worlds.SHOPIFY:
        assert by_id(SINCE, resource) == by_id(None, resource)


def test_an_empty_collection_has_no_result_file(world: worlds.World, policy: RetryPolicy) -> None:
    world.server.records["orders"] = []
    assert list(job(policy).pages(None)) == []


@pytest.mark.parametrize("status", ["FAILED", "CANCELED", "EXPIRED"])
def test_a_failed_bulk_operation_loads_nothing(
    world: worlds.World, policy: RetryPolicy, status: str
) -> None:
    world.server.bulk_statuses = ["RUNNING", status]
    world.server.bulk_end = {"errorCode": "TIMEOUT", "partialDataUrl": "http://127.0.0.1:9/x"}
    with pytest.raises(ApiError, match=f"ended as {status}"):
        list(job(policy).pages(None))


@pytest.mark.parametrize(("version", "at_once"), [("2025-10", 1), ("2026-01", 5)])
def test_bulk_operations_of_a_killed_load_are_waited_for(
    serve: Callable,
    configure: Callable,
    policy: RetryPolicy,
    clock: Clock,
    version: str,
    at_once: int,
) -> None:
    world = worlds.shopify(serve, configure, version)
    world.server.others_running = at_once + 1
    assert len(ids(list(job(policy).pages(None)))) == 5
    assert clock.waits[:2] == [30.0, 30.0]
    world.server.others_running = 10**6
    with pytest.raises(ApiError, match="in the time allowed: already in progress"):
        list(job(replace(policy, resource_budget=200)).pages(None))


def test_a_bulk_operation_that_is_not_started_says_why(
    world: worlds.World, policy: RetryPolicy
) -> None:
    error = {"code": "INVALID", "field": ["query"], "message": "Bulk queries cannot do that"}
    answer = {"bulkOperationRunQuery": {"bulkOperation": None, "userErrors": [error]}}
    world.server.fail("graphql", Answer({"data": answer}))
    with pytest.raises(ApiError, match="cannot do that"):
        list(job(policy).pages(None))


def test_a_bulk_operation_that_never_ends_is_given_up(
    world: worlds.World, policy: RetryPolicy, clock: Clock
) -> None:
    world.server.bulk_statuses = ["RUNNING"]
    short = RetryPolicy(resource_budget=300, clock=clock, sleep=clock.sleep)
    with pytest.raises(ApiError, match="still RUNNING"):
        list(job(short).pages(None))
    assert clock.now <= 300


def test_a_bulk_result_that_is_not_whole_is_refused(
    world: worlds.World, policy: RetryPolicy
) -> None:
    world.server.bulk_end = {"objectCount": "9"}
    with pytest.raises(ApiError, match="5 of 9 objects"):
        list(job(policy).pages(None))


def test_a_bulk_result_with_children_is_refused(tmp_path: Path) -> None:
    order = {"id": "gid://shopify/Order/1", "name": "#1"}
    result = tmp_path / "result.jsonl"
    result.write_text(f"{json.dumps(order)}\n\n")
    assert list(objects(result, 1)) == [order]
    child = {"id": "gid://shopify/LineItem/9", "__parentId": order["id"]}
    result.write_text(f"{json.dumps(order)}\n{json.dumps(child)}\n")
    with pytest.raises(ApiError, match="has children"):
        list(objects(result, 2))


def test_a_missing_scope_is_named(world: worlds.World, policy: RetryPolicy) -> None:
    world.server.scopes = ["read_orders", "read_all_orders", "write_customers"]
    assert job(policy, "orders").probe() == "ok"
    assert job(policy, "customers").probe() == "ok"
    with pytest.raises(ApiError, match="read_draft_orders is missing"):
        job(policy, "draft_orders").probe()
