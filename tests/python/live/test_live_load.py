"""Whole live loads: raw rows as from extracts, kills, increments, faults, secrets, exit codes."""

from __future__ import annotations

import importlib
import logging
import multiprocessing
import os
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from pipelines.__main__ import main
from pipelines.commands.load import stale_since
from pipelines.load import live
from pipelines.settings import Warehouse
from pipelines.sources.http import RetryPolicy
from pipelines.sources.tables import BY_NAME
from tests.python.live import records as r
from tests.python.live import worlds
from tests.python.live.conftest import Clock
from tests.python.live.extracts import load_extracts
from tests.python.live.loading import all_rows, load, raw_rows, resources_of
from tests.python.live.server import Answer, Asked

SOURCES = list(worlds.WORLDS)
# source → resource → requests of a first load, of one without changes, and of one after the oldest of
# five records changed; two records per page
REQUESTS = {
    "shopify": dict.fromkeys(worlds.SHOPIFY, (3, 1, 1)),
    "bigcommerce": {
        "orders": (4, 2, 2),  # the last page is an empty one
        "customers": (9, 1, 1),  # of which six for the twelve attributes of one customer
        "companies": (3, 1, 1),
        "b2b_orders": (3, 1, 1),
        "quotes": (3, 1, 1),
    },
    "adobe_commerce": {
        "orders": (3, 1, 1),
        "customers": (3, 1, 1),
        "companies": (3, 3, 3),
        "negotiable_quotes": (3, 1, 1),
    },
    "d365_fo": {
        "customers": (3, 3, 3),
        "customer_electronic_addresses": (3, 3, 3),
        "contact_persons": (3, 3, 3),
        "sales_orders": (3, 1, 1),
        "free_text_invoices": (3, 1, 2),  # with the drafts
        "exchange_rates": (3, 3, 3),
        "legal_entities": (3, 3, 3),
    },
    "d365_bc": {  # of two companies
        "companies": (2, 2, 2),  # as a resource, and to find the companies
        "customers": (6, 6, 6),
        "customer_contacts": (6, 6, 6),
        "sales_orders": (6, 6, 6),
        "sales_invoices": (6, 2, 2),
        "currency_exchange_rates": (6, 2, 2),
    },
    "dataverse": dict.fromkeys(worlds.DATAVERSE, (3, 3, 3)),
    "power_automate": {
        "workflows": (3, 3, 3),
        "flow_runs": (3, 1, 1),
        "flow_events": (3, 1, 1),
    },
}
BC_COMPANIES = ("d365_bc", "companies")  # few rows: one page

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(["pipelines.load.live", "dlt", "graphql", "tests.python.live.worlds"])


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_as_from_extracts_then_only_changes_then_faults(
    make: Callable,
    configure: Callable,
    target: Warehouse,
    policy: RetryPolicy,
    tmp_path: Path,
    source: str,
) -> None:
    world = make(source)
    if source in ("d365_fo", "power_automate"):
        # else younger records are requested again, as their state may still change
        configure(source, next(iter(world.records))[0], look_back_days=0)
    _require_requests(world, target, policy, 0)
    _require_rows_of_extracts(world, target, tmp_path)
    before = all_rows(target, source)
    _require_requests(world, target, policy, 1)
    assert all_rows(target, source) == before
    _require_that_a_change_arrives(world, target, policy)
    _require_that_a_fault_keeps_the_rows(world, target, policy)
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (*world.secrets, "entra-secret-token"):
        assert secret.encode() not in files, "a secret is in the raw tables or the state of dlt"


def _require_requests(
    world: worlds.World, target: Warehouse, policy: RetryPolicy, number: int
) -> None:
    """Everything is loaded, with exactly the requests of the table above."""
    world.server.asked.clear()
    outcomes = load(world.source, target, policy)
    assert {o.outcome for o in outcomes} <= {"loaded", "unchanged"}, outcomes
    expected = {name: counts[number] for name, counts in REQUESTS[world.source].items()}
    assert dict(world.requests()) == expected


def _require_rows_of_extracts(world: worlds.World, target: Warehouse, folder: Path) -> None:
    other = load_extracts(folder, world.source, world.records)
    from_api, from_extracts = all_rows(target, world.source), all_rows(other, world.source)
    for resource in resources_of(world.source):
        assert from_api[resource], resource
        assert from_api[resource] == from_extracts[resource], resource


def _require_that_a_change_arrives(
    world: worlds.World, target: Warehouse, policy: RetryPolicy
) -> None:
    """The oldest record of every resource changes; only its row does."""
    before = all_rows(target, world.source)
    instances = {resource: instance for instance, resource in reversed(world.records)}
    changed = {name: world.change((at, name)) for name, at in instances.items()}
    _require_requests(world, target, policy, 2)
    for resource, rows in all_rows(target, world.source).items():
        assert len(rows) == len(before[resource])
        news = [row for row in rows if row not in before[resource]]
        assert len(news) == 1 and changed[resource] in news[0].values(), (resource, news)


def _require_that_a_fault_keeps_the_rows(
    world: worlds.World, target: Warehouse, policy: RetryPolicy
) -> None:
    """The second page of every resource fails, after all records have changed."""
    before = all_rows(target, world.source)
    for (_, resource), records in world.records.items():
        if (world.source, resource) != BC_COMPANIES:
            for record in records:
                worlds.change_text(world.source, resource, record)
    _break_second_pages(world)
    outcomes = load(world.source, target, policy, full=True)
    broken = [o for o in outcomes if (world.source, o.resource) != BC_COMPANIES]
    assert {o.outcome for o in broken} == {"failed"}
    for resource in {o.resource for o in broken}:
        assert raw_rows(target, world.source, resource) == before[resource], resource
    stale = stale_since(target, outcomes)
    assert all(stale[outcome.title] for outcome in broken)


def _break_second_pages(world: worlds.World) -> None:
    def later(asked: Asked) -> Answer | None:
        return Answer("down", 500) if asked.json()["variables"].get("after") else None

    if world.source == "shopify":
        world.server.fail("graphql", *[later] * 400)
        return
    for key, path in world.address.items():
        if (world.source, key[1]) != BC_COMPANIES:
            world.server.fail(path, *[Answer("down", 500)] * 99, skip=1)


def _child(source: str, resources: list[str], root: str, environment: dict[str, str]) -> None:
    os.environ.update(environment)
    module = importlib.import_module(f"pipelines.sources.{source}.api")
    jobs = module.jobs
    module.jobs = lambda *given: (job for job in jobs(*given) if job.resource in resources)
    live.load_sources([source], False, Warehouse(Path(root)), RetryPolicy(), echo=lambda _: None)


@pytest.mark.parametrize("source", SOURCES)
def test_a_kill_between_pages_loses_and_doubles_nothing(
    make: Callable, target: Warehouse, policy: RetryPolicy, source: str
) -> None:
    """A first load is killed in each resource; a later one when all but the last page arrived."""
    world = make(source)
    for resource in resources_of(source):
        _kill_at_second_page(world, target, [resource])
    assert _loads(target) == 0
    assert {o.outcome for o in load(source, target, policy)} == {"loaded"}
    for (instance, name), records in world.records.items():
        rows = [row for row in raw_rows(target, source, name) if row["instance"] == instance]
        assert len(rows) == len(records), (instance, name)

    before, loads = all_rows(target, source), _loads(target)
    changed = {key: world.change_all(key) for key in world.records}
    _kill_at_second_page(world, target, resources_of(source))
    assert (all_rows(target, source), _loads(target)) == (before, loads)
    assert {o.outcome for o in load(source, target, policy)} == {"loaded"}
    for (instance, name), value in changed.items():
        rows = [row for row in raw_rows(target, source, name) if row["instance"] == instance]
        assert len(rows) == len(world.records[instance, name])
        assert all(value in row.values() for row in rows), (instance, name)


def _loads(target: Warehouse) -> int:
    with duckdb.connect(str(target.raw), read_only=True) as connection:
        return connection.execute("select count(*) from raw_load.resource_loads").fetchone()[0]


def _kill_at_second_page(world: worlds.World, target: Warehouse, resources: list[str]) -> None:
    """Load the resources in a process that is killed between the pages of the last one."""
    reached = forks.Event()
    last = [key for key in world.records if key[1] == resources[-1]][-1]
    has_one_page = (world.source, resources[-1]) == BC_COMPANIES

    def hold(_: Asked) -> Answer:
        reached.set()
        time.sleep(5)
        return Answer(reset=True)

    def second_page(asked: Asked) -> Answer | None:
        if world.resource_of(asked) != resources[-1]:
            return None
        seen.append(asked)
        return hold(asked) if len(seen) > (0 if has_one_page else 1) else None

    seen: list[Asked] = []
    world.server.fail(world.address[last], *[second_page] * 99)
    child = forks.Process(
        target=_child, args=(world.source, resources, str(target.root), {**os.environ})
    )
    child.start()
    assert reached.wait(20), "the child did not reach the second page"
    child.kill()
    child.join()
    world.server.faults.clear()


def test_one_broken_source_does_not_stop_the_others(
    make: Callable, target: Warehouse, policy: RetryPolicy
) -> None:
    commerce, erp = make("bigcommerce"), make("d365_fo")
    commerce.server.fail("/", *[Answer(reset=True)] * 400)
    outcomes = live.load_sources(live.SOURCES, False, target, policy, echo=lambda _: None)
    assert {o.outcome for o in outcomes if o.source == "bigcommerce"} == {"failed"}
    assert {o.outcome for o in outcomes if o.source == "d365_fo"} == {"loaded"}
    assert len(raw_rows(target, "d365_fo", "customers")) == len(erp.records["prod", "customers"])


class Unforeseen(Exception):
    """An unexpected library error."""


@pytest.mark.parametrize("broken", ["a page", "the list of jobs"])
def test_an_unforeseen_error_stops_only_its_own_list_or_instance(
    make: Callable,
    target: Warehouse,
    policy: RetryPolicy,
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
) -> None:
    make("adobe_commerce")
    make("dataverse")
    module = importlib.import_module("pipelines.sources.adobe_commerce.api")
    jobs = module.jobs

    def fail(*_: object) -> Any:
        raise Unforeseen("ana@buyer.test")

    def with_a_broken_page(*given: Any) -> Any:
        for job in jobs(*given):
            yield replace(job, pages=fail) if job.resource == "orders" else job

    monkeypatch.setattr(module, "jobs", with_a_broken_page if broken == "a page" else fail)
    outcomes = live.load_sources(live.SOURCES, False, target, policy, echo=lambda _: None)
    (failed,) = [o for o in outcomes if o.is_failure]
    assert failed.resource == ("orders" if broken == "a page" else "*")
    assert failed.message.startswith("unexpected Unforeseen at test_live_load.py:")
    loaded = {(o.source, o.resource) for o in outcomes if o.outcome == "loaded"}
    assert ("dataverse", "accounts") in loaded
    assert (("adobe_commerce", "customers") in loaded) == (broken == "a page")


def test_what_was_rejected_stays_listed_until_a_full_load(
    make: Callable, configure: Callable, target: Warehouse, policy: RetryPolicy
) -> None:
    """A later answer has changes only: a record missing from it is not fixed."""
    records = make("adobe_commerce").records["main", "orders"]
    configure("adobe_commerce", "main", start_date="2020-01-01")  # start of a full load
    load("adobe_commerce", target, policy)
    broken = [r.adobe_order(number, 0) | {"entity_id": None} for number in (8, 9)]

    def listed(full: bool = False) -> list[tuple]:
        load("adobe_commerce", target, policy, full)
        sql = """
            select regexp_extract(value, '"increment_id":"(\\d+)"', 1), count(distinct path)
            from raw_load.rejects group by all order by all"""
        with duckdb.connect(str(target.raw), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    numbers = [record["increment_id"] for record in broken]
    records.append(broken[0])
    assert listed() == [(numbers[0], 1)]
    assert listed() == [(numbers[0], 1)], "it came again within the overlap"
    records[-1] = broken[1]
    assert listed() == [(numbers[0], 1), (numbers[1], 1)]
    del records[-1]
    assert listed() == [(numbers[0], 1), (numbers[1], 1)]
    assert listed(full=True) == []


def test_a_whole_answer_of_which_nothing_can_be_read_is_a_failure(
    make: Callable, target: Warehouse, policy: RetryPolicy
) -> None:
    records = make("adobe_commerce").records["main", "orders"]
    load("adobe_commerce", target, policy)
    before = raw_rows(target, "adobe_commerce", "orders")
    for record in records:
        record["entity_id"] = None
    outcomes = {o.resource: o for o in load("adobe_commerce", target, policy, full=True)}
    message = outcomes["orders"].message
    assert outcomes["orders"].outcome == "failed" and "no record of the answer" in message
    assert "V1/orders" in message and "spool" not in message and "@" not in message
    assert outcomes["customers"].outcome in ("loaded", "unchanged")
    assert raw_rows(target, "adobe_commerce", "orders") == before


@pytest.mark.parametrize(
    ("source", "resource", "number"),
    [
        ("d365_fo", "sales_orders", "sales_order_number"),
        ("d365_fo", "free_text_invoices", "free_text_number"),
        ("d365_bc", "sales_invoices", "number"),
        ("d365_bc", "currency_exchange_rates", "id"),
    ],
)
def test_a_deleted_document_is_gone_after_a_whole_answer(
    make: Callable, target: Warehouse, policy: RetryPolicy, source: str, resource: str, number: str
) -> None:
    """An answer of changes deletes nothing: only rows that say so could."""
    world = make(source)
    load(source, target, policy)
    instance = next(instance for instance, name in world.records if name == resource)
    deleted = world.records[instance, resource].pop()

    def stored() -> list[Any]:
        rows = raw_rows(target, source, resource)
        return [row[number] for row in rows if row["instance"] == instance]

    field = next(c.field for c in BY_NAME[source, resource].columns if c.name == number)
    load(source, target, policy)
    assert deleted[field] in stored()
    outcomes = load(source, target, policy, full=True)
    assert {o.outcome for o in outcomes} <= {"loaded", "unchanged"}
    assert len(stored()) == len(world.records[instance, resource])
    assert deleted[field] not in stored()


def test_a_list_without_a_time_of_change_is_whole_each_time(
    make: Callable, target: Warehouse, policy: RetryPolicy
) -> None:
    rates = make("d365_fo").records["prod", "exchange_rates"]
    load("d365_fo", target, policy)
    rates.pop()
    load("d365_fo", target, policy)
    assert len(raw_rows(target, "d365_fo", "exchange_rates")) == len(rates)


def test_a_new_company_comes_beside_changes_of_another(
    make: Callable, configure: Callable, target: Warehouse, policy: RetryPolicy
) -> None:
    """One load of a table has one mode."""
    make("d365_bc")
    configure("d365_bc", "production", companies="US Trade, Inc.")
    load("d365_bc", target, policy)
    configure("d365_bc", "production", companies="")
    assert {o.outcome for o in load("d365_bc", target, policy)} <= {"loaded", "unchanged"}
    rows = raw_rows(target, "d365_bc", "sales_invoices")
    assert {row["instance"] for row in rows} == {"US Trade, Inc.", "CA Trade ULC"}


def test_a_resource_that_takes_too_long_is_given_up(
    make: Callable, target: Warehouse, policy: RetryPolicy, clock: Clock
) -> None:
    world = make("adobe_commerce")
    load("adobe_commerce", target, policy)
    before = raw_rows(target, "adobe_commerce", "orders")

    def slow(_: Asked) -> None:
        clock.sleep(400)

    world.server.fail("V1/orders", *[slow] * 99)
    world.change_all(("main", "orders"))
    short = replace(policy, resource_budget=1000)
    outcomes = {o.resource: o for o in load("adobe_commerce", target, short)}
    assert outcomes["orders"].outcome == "failed"
    assert "gave up after 1200 s: 3 pages, 5 rows, 0 rows/s" in outcomes["orders"].message
    assert not outcomes["customers"].is_failure
    assert raw_rows(target, "adobe_commerce", "orders") == before


def test_pages_rows_and_rate_are_shown_while_and_after_a_resource_is_fetched(
    make: Callable, target: Warehouse, policy: RetryPolicy, clock: Clock
) -> None:
    world = make("adobe_commerce")

    def slow(_: Asked) -> None:
        clock.sleep(2)

    world.server.fail("V1/orders", *[slow] * 99)
    lines: list[str] = []
    live.load_sources(["adobe_commerce"], False, target, policy, echo=lines.append)
    assert lines[0] == "  adobe_commerce/main/orders: 3 pages, 5 rows, 1 rows/s"
    (line,) = [line for line in lines[1:] if line.startswith("adobe_commerce/main/orders")]
    assert re.fullmatch(r".*: loaded, 3 pages, 5 rows, [67]\.\d s, 1 rows/s", line)
    assert len(lines) == 5


def test_an_empty_customer_master_keeps_the_old_rows(
    make: Callable, target: Warehouse, policy: RetryPolicy, capsys: pytest.CaptureFixture
) -> None:
    world = make("d365_fo")
    load("d365_fo", target, policy)
    world.records["prod", "customers"].clear()
    outcomes = {o.resource: o.outcome for o in load("d365_fo", target, policy)}
    assert outcomes["customers"] == "kept_old"
    assert len(raw_rows(target, "d365_fo", "customers")) == 5
    main(["load", "d365_fo"], standalone_mode=False)
    printed = capsys.readouterr().out
    assert "no rows arrived; the 5 rows of the last load stay" in printed
    assert re.findall("^STALE .*", printed, re.MULTILINE)[0].startswith(
        "STALE d365_fo/prod/customers: still the data of 20"
    )


def test_a_deleted_customer_is_gone_after_the_next_run(
    make: Callable, target: Warehouse, policy: RetryPolicy
) -> None:
    world = make("d365_fo")
    load("d365_fo", target, policy)
    del world.records["prod", "customers"][0]
    load("d365_fo", target, policy)
    assert len(raw_rows(target, "d365_fo", "customers")) == 4


def test_lists_of_a_missing_module_are_no_failure(
    make: Callable, target: Warehouse, policy: RetryPolicy
) -> None:
    world = make("adobe_commerce")
    world.server.missing = {"companies", "negotiable_quotes"}
    outcomes = {o.resource: o.outcome for o in load("adobe_commerce", target, policy)}
    assert outcomes == {
        "orders": "loaded",
        "customers": "loaded",
        "companies": "absent",
        "negotiable_quotes": "absent",
    }


def test_a_cursor_dies_with_its_rows_and_with_another_address(
    make: Callable, target: Warehouse, policy: RetryPolicy
) -> None:
    make("bigcommerce")
    load("bigcommerce", target, policy)
    with duckdb.connect(str(target.raw)) as connection:
        connection.execute("delete from raw_bigcommerce.orders")
        connection.execute(
            "update raw_load.cursors set fingerprint = 'x' where resource = 'quotes'"
        )
    rows = {o.resource: o.rows for o in load("bigcommerce", target, policy)}
    assert (rows["orders"], rows["quotes"], rows["customers"]) == (5, 5, 1)


def test_a_clock_of_the_future_does_not_move_the_cursor_ahead(
    make: Callable, target: Warehouse, policy: RetryPolicy
) -> None:
    world = make("bigcommerce")
    world.records["wholesale", "companies"][0]["updatedAt"] = int(time.time()) + 10**7
    load("bigcommerce", target, policy)
    world.records["wholesale", "companies"][1]["updatedAt"] = int(time.time())
    rows = {o.resource: o.rows for o in load("bigcommerce", target, policy)}
    assert rows["companies"] == 2


def test_secrets_are_nowhere(
    make: Callable,
    target: Warehouse,
    policy: RetryPolicy,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture,
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("dlt").setLevel(logging.DEBUG)
    made = [make(source) for source in ("shopify", "adobe_commerce", "dataverse")]
    made[0].server.fail("graphql", Answer({"errors": "token"}, 403), skip=4)
    outcomes = live.load_sources(live.SOURCES, False, target, policy)
    printed = capsys.readouterr()
    text = caplog.text + printed.out + printed.err + repr(outcomes)
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in [secret for world in made for secret in world.secrets]:
        assert secret not in text and secret.encode() not in files
    assert b"entra-secret-token" not in files and "entra-secret-token" not in text
    assert not [path for path in (target.root / "spool").rglob("*") if path.is_file()]


def test_command_line(
    make: Callable, target: Warehouse, policy: RetryPolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "configured_policy", lambda: policy)
    world = make("dataverse")
    good = CliRunner().invoke(main, ["load", "dataverse"])
    assert good.exit_code == 0, good.output
    assert "4 resources, 20 rows fetched, 0 failed." in good.output
    world.server.fail("contacts", *[Answer(status=503)] * 9)
    bad = CliRunner().invoke(main, ["load", "all", "--full"])
    assert bad.exit_code == 2
    assert "STALE dataverse/org/contacts: still the data of" in bad.output


def test_a_kill_before_the_cursor_is_moved_doubles_nothing(
    make: Callable, target: Warehouse, policy: RetryPolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    make("bigcommerce")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(live, "write_cursors", killed)
        with pytest.raises(KeyboardInterrupt):
            load("bigcommerce", target, policy)
    assert {o.rows for o in load("bigcommerce", target, policy)} == {5}
    assert all(len(rows) == 5 for rows in all_rows(target, "bigcommerce").values())


def test_two_environments_with_companies_of_one_name(
    make: Callable, configure: Callable, target: Warehouse, policy: RetryPolicy
) -> None:
    world = make("d365_bc")
    same = {
        "base_url": f"{world.server.url}/bc",
        "authority": world.entra.url,
        "client_secret": world.entra.client_secret,
    }
    configure("d365_bc", "sandbox", tenant="tenant-1", client_id="app-1", **same)
    outcomes = load("d365_bc", target, policy)
    failed = [o for o in outcomes if o.is_failure]
    assert len(failed) == 10 and all("set company_prefix" in o.message for o in failed)
    assert len(raw_rows(target, "d365_bc", "customers")) == 10
    configure("d365_bc", "sandbox", company_prefix="test ")
    assert not [o for o in load("d365_bc", target, policy) if o.is_failure]
    assert len(raw_rows(target, "d365_bc", "customers")) == 20


def test_pages_and_the_bulk_result_after_them_are_merged(
    make: Callable, configure: Callable, target: Warehouse, policy: RetryPolicy
) -> None:
    world = make("shopify")
    configure("shopify", "us-dtc", bulk_after_rows=2)
    rows = {o.resource: o.rows for o in load("shopify", target, policy)}
    assert rows["orders"] == 2 + 5 and world.server.bulk
    assert len(raw_rows(target, "shopify", "orders")) == 5
