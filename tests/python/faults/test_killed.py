"""kill -9 of the process group and of the parent alone, at random moments of every command.

After the next normal command everything is as after an undisturbed one; what is published can be
read the whole time; nothing is left over: no file, no table, no process.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from machine_room import Reader, Room, moments, only_whole

from pipelines.publish.memory import remember
from pipelines.publish.sets import published_place
from pipelines.publish.write import publish
from pipelines.settings import Warehouse
from tests.python.export.test_export_onboarding import COMPANY, PERSON, warehouse_with
from tests.python.live import worlds
from tests.python.live.serving import Configure, Serve, configuring, serving
from tests.python.notify.alert_world import AlertWorld, Webhook, card
from tests.python.publish.small_build import MARTS as SMALL_MARTS
from tests.python.publish.small_build import change, headline, set_value, values_of, write_build
from tests.python.published_world import World, write_published

Tries = Callable[[int, int], int]
Record = Callable[[str, Any], None]
PEOPLE = [PERSON | {"worklist_rank": rank} for rank in range(2000)] + [COMPANY]
BOTH = (True, False)  # the group, or the parent alone
DAY = ("daily", "--extracts", "samples/worked_example", "--as-of")
PUBLISHED = """
    select card_id, value, b2b_value, dtc_value, reporting_value, state::varchar from cards.card_values
    union all by name
    select worklist_key as card_id, hash(customer_name, primary_reason, order_count,
        blocked_value_reporting, worklist_rank) as value from worklist.onboarding_worklist order by all"""


def rows(file: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as con:
        return con.execute(sql).fetchall()


def raw_rows(target: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    """All raw rows and what the log says of the files, without times."""
    found = {}
    with duckdb.connect(str(target.raw), read_only=True) as con:
        names = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where schema_name like"
            " 'raw\\_%' escape '\\' and schema_name != 'raw_load'"
            " and table_name not like '\\_dlt%' escape '\\'"
        ).fetchall()
        for (name,) in names:
            table = f"select * exclude (_dlt_load_id) from {name} order by all"
            found[name] = con.execute(table).fetchall()
        log = "select source, instance, resource, path, content_sha256, rows_read, rows_loaded"
        found["files"] = con.execute(f"{log} from raw_load.files order by all").fetchall()
        found["rejects"] = con.execute(
            "select source, instance, resource, path, record_number, reason from raw_load.rejects"
            " order by all"
        ).fetchall()
    return {name: content for name, content in found.items() if content}


def write_extracts(folder: Path, day: int) -> None:
    """Another day: other values, a row less, a faulty line."""
    shutil.rmtree(folder, ignore_errors=True)
    orders, master = folder / "shopify" / "s1", folder / "d365_fo" / "prod"
    orders.mkdir(parents=True)
    master.mkdir(parents=True)
    order = (
        '{{"id":"o/{n}","name":"#{n}-{day}","createdAt":"2026-04-10T10:00:00Z",'
        '"updatedAt":"2026-04-1{day}T10:00:00Z","test":false,"displayFinancialStatus":"PAID",'
        '"currentTotalPriceSet":{{"shopMoney":{{"amount":"10.0","currencyCode":"USD"}}}},'
        '"customer":{{"id":"c/{n}","email":"p{n}@example.test"}}}}\n'
    )
    lines = "".join(order.format(n=n, day=day) for n in range(3000))
    (orders / "orders.jsonl").write_text(lines + "faulty\n" * day)
    customer = '{{"dataAreaId":"ustr","CustomerAccount":"C{n}","OnHoldStatus":"No"}}\n'
    lines = "".join(customer.format(n=n) for n in range(day % 2, 500))
    (master / "customers.jsonl").write_text(lines)


def test_load_of_extracts(
    target: Warehouse, tmp_path: Path, tries: Tries, record_property: Record
) -> None:
    folder, room = tmp_path / "extracts", Room(target)
    command = ("load", "extracts", str(folder))
    write_extracts(folder, 0)
    clean = Room(Warehouse(tmp_path / "clean"))
    assert room.run(*command).code == clean.run(*command).code == 0
    count = tries(60, 2)
    record_property("tried", count)
    for number, after in enumerate(moments(count, 3.0)):
        write_extracts(folder, number % 9 + 1)
        room.kill(*command, after=after, group=BOTH[number % 2])
        assert room.run(*command).code == clean.run(*command).code == 0
        assert raw_rows(target) == raw_rows(clean.target)
        assert not room.left_overs()


@pytest.fixture
def make() -> Iterator[Callable[[str], worlds.World]]:
    with serving() as serve, pytest.MonkeyPatch.context() as monkeypatch:
        configure: Configure = configuring(monkeypatch)
        start: Serve = serve
        yield lambda source: worlds.WORLDS[source](start, configure)


def test_load_of_an_api(
    make: Callable[[str], worlds.World],
    target: Warehouse,
    tmp_path: Path,
    tries: Tries,
    record_property: Record,
) -> None:
    count = tries(30, 1)
    record_property("tried", count)
    sources = ("bigcommerce", "d365_fo", "adobe_commerce")
    made = {source: make(source) for source in sources}
    for number, after in enumerate(moments(count, 4.0)):
        world = made[sources[number % 3]]
        world.server.asked.clear()
        for key in world.records:
            world.change_all(key)
        command = ("load", world.source)
        Room(target).kill(*command, after=after, group=BOTH[number % 2])
        clean = Room(Warehouse(tmp_path / f"clean-{number}"))
        assert Room(target).run(*command).code == clean.run(*command).code == 0
        found = raw_rows(target)
        for name, content in raw_rows(clean.target).items():
            if name not in ("files", "rejects"):
                assert len(found[name]) == len(content), (name, world.source)
        assert not Room(target).left_overs()


def small_warehouse(target: Warehouse) -> None:
    """Of 17 in every file, published, with a memory."""
    target.root.mkdir(parents=True)
    change(target, SMALL_MARTS)
    write_build(target)
    publish(target)


def test_publish(target: Warehouse, tries: Tries, record_property: Record) -> None:
    small_warehouse(target)
    room, count = Room(target), tries(50, 2)
    record_property("tried", count)
    with Reader(lambda: values_of((target.published / "current").resolve())) as reader:
        for number, after in enumerate(moments(count, 1.6)):
            set_value(target, 18 + number)
            room.kill("publish", after=after, group=BOTH[number % 2])
            assert headline(target.published) in (17 + number, 18 + number)
            ended = room.run("publish")
            assert ended.code == 0, ended.output
            assert values_of(published_place(target).current) == {18 + number}
            assert not room.left_overs()
    assert reader.count > count
    assert not reader.faults, reader.faults[:3]


def test_rollback(target: Warehouse, tries: Tries, record_property: Record) -> None:
    small_warehouse(target)
    room, count = Room(target), tries(20, 1)
    record_property("tried", count)
    with Reader(lambda: values_of((target.published / "current").resolve())) as reader:
        for number, after in enumerate(moments(count, 1.4)):
            set_value(target, 18)
            assert room.run("publish").code == 0
            room.kill("publish", "--rollback", after=after, group=BOTH[number % 2])
            assert headline(target.published) in (17, 18)
            set_value(target, 17)
            assert room.run("publish").code == 0
            assert values_of(published_place(target).current) == {17}
            remember(target)
            assert not room.left_overs()
    assert not reader.faults, reader.faults[:3]


@pytest.mark.parametrize("command", [("export", "onboarding"), ("report",)], ids=" ".join)
def test_written_files(
    target: Warehouse, command: tuple[str, ...], tries: Tries, record_property: Record
) -> None:
    if command == ("report",):
        write_published(target.root, World())
    else:
        warehouse_with(target.root, *PEOPLE)
    room, count = Room(target), tries(10, 1)
    record_property("tried", count)

    def files() -> dict[str, bytes]:
        found = {path: path.read_bytes() for path in target.root.rglob("*") if path.is_file()}
        return {str(path): text for path, text in found.items() if path.suffix in (".csv", ".html")}

    assert room.run(*command).code == 0
    wanted = files()
    assert wanted
    for number, after in enumerate(moments(count, 1.4)):
        room.kill(*command, after=after, group=BOTH[number % 2])
        assert room.run(*command).code == 0
        assert files() == wanted
        assert not room.left_overs()


def test_notify(
    target: Warehouse, monkeypatch: pytest.MonkeyPatch, tries: Tries, record_property: Record
) -> None:
    """An alert is never lost. Only a kill between the answer of the recipient and the next line
    repeats it (decision 0022)."""
    world, hook, count = AlertWorld(target), Webhook(), tries(20, 1)
    record_property("tried", count)
    monkeypatch.setenv("NOTIFY_URLS", hook.url)
    room, twice = Room(target), 0
    try:
        for number, after in enumerate(moments(count, 2.0)):
            hook.bodies.clear()
            day = f"2026-0{number // 20 + 4}-{number % 20 + 1:02}"
            world.publish(day, card(state="ok" if number % 2 else "alert", value=11))
            room.kill("notify", after=after, group=BOTH[number % 2])
            ended = room.run("notify")
            assert ended.code == 0, ended.output
            assert set(hook.titles) and len(set(hook.titles)) == 1, (number, hook.titles)
            twice += len(hook.titles) - 1
            assert not world.outbox()
            assert not room.left_overs()
    finally:
        hook.close()
    assert twice <= 1


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    """The sample, built."""
    monkeypatch.delenv("NOTIFY_URLS", raising=False)
    room = Room(Warehouse(tmp_path / "warehouse"))
    ended = room.run(*DAY, "2026-04-12")
    assert ended.code == 0, ended.output[-3000:]
    return room


@only_whole
@pytest.mark.parametrize("group", BOTH, ids=["group", "parent"])
def test_daily(built: Room, group: bool, tries: Tries, record_property: Record) -> None:
    """Another day is killed; then the day of before is run again."""
    count = tries(4, 0)
    record_property("tried", count)
    marts = built.target.published_marts
    wanted = rows(marts, PUBLISHED)
    with Reader(lambda: rows(marts, "select count(*) from cards.card_values")) as reader:
        for after in moments(count, 45.0, seed=count + group):
            assert built.kill(*DAY, "2026-04-11", after=after, group=group) is not None
            ended = built.run(*DAY, "2026-04-12")
            assert ended.code == 0, ended.output[-3000:]
            assert rows(marts, PUBLISHED) == wanted
            assert not built.left_overs()
    assert not reader.faults, reader.faults[:3]


@only_whole
def test_backfill(built: Room, record_property: Record) -> None:
    record_property("tried", 3)
    wanted = rows(built.target.published_marts, PUBLISHED)
    for number, after in enumerate(moments(3, 60.0)):
        dates = ("--from", "2026-04-10", "--to", "2026-04-11")
        built.kill("backfill", *dates, after=after, group=BOTH[number % 2])
        ended = built.run("backfill", "--from", "2026-04-11", "--to", "2026-04-11")
        assert ended.code == 0, ended.output[-3000:]
        assert rows(built.target.published_marts, PUBLISHED) == wanted
        assert not built.left_overs()
