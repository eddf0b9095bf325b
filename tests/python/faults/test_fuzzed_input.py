"""Fuzzed input with a fixed seed: files of every format and resource, API answers, field maps.

Each ends in right rows, listed rejects, or one clear error; rows in = loaded + rejected + older (and
child lines of Shopify).
"""

from __future__ import annotations

import copy
import gzip
import importlib
import io
import json
import math
import random
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dbt_common.clients.agate_helper import from_csv
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from machine_room import few

from pipelines.commands.field_map import prepare_field_map
from pipelines.load import live
from pipelines.load.discovery import Batch, find_extracts
from pipelines.load.staging import open_staging, rejects, rows_to_load, stage
from pipelines.settings import FIELD_MAP_SEEDS, PROJECT, InputError, Warehouse
from pipelines.sources.base import Instance, Job
from pipelines.sources.http import RetryPolicy
from pipelines.sources.tables import BY_NAME, RESOURCES, Resource
from tests.python.live import worlds
from tests.python.live.server import Answer, Asked
from tests.python.live.serving import configuring, only_this_machine, serving

Row = dict[str, Any]
Record = Callable[[str, Any], None]
SLOWEST = 20.0  # seconds of one input
FORMATS = ("jsonl", "csv", "parquet")
ODD: tuple[Any, ...] = (
    *(
        None,
        "",
        " ",
        "\t\n",
        "null",
        "NaN",
        "n/a",
        "0",
        "-",
        "true",
        0,
        -1,
        1e308,
        -0.0,
        True,
        False,
    ),
    *([], {}, [[]], [None], {"a": {"b": []}}, {"": ""}, 2**64, 10**30, 0.1 + 0.2, 1e-9),
    *(
        "\x00",
        "a\x00b",
        "\ud800",
        "\u202egnp.exe",
        "\ufeffx",
        "\u200b",
        "\uff1d1+1",
        "=1+1",
        "+1",
        "@x",
    ),
    *(
        "2926-01-01T00:00:00Z",
        "0000-00-00",
        "11/04/2026",
        "2026-04-31T25:61:00Z",
        "2026-04-10",
        "12,34",
    ),
    *(
        "1.234.567,89",
        "1e5",
        "१२",
        "x" * 70_000,
        "'; drop table t; --",
        "{{ 7 * 7 }}",
        "<script>",
        "../../x",
    ),
    *(
        '"',
        "'",
        "\\",
        "\r\n",
        ",;|\t",
        "[" * 200,
        '{"a":' * 60,
        "gid://shopify/Order/0",
        "ÅÄÖ",
        "🙂",
    ),
)


def fuzzed(count: int) -> Any:
    """Always the same inputs."""
    return settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@cache
def samples() -> dict[tuple[str, str], list[Row]]:
    """Real records of every resource: of the samples, else of the servers of the tests."""
    found = {}
    for resource in RESOURCES:
        key = (resource.source, resource.name)
        for path in sorted(PROJECT.glob(f"samples/*/{key[0]}/*/{key[1]}*.jsonl")):
            lines = path.read_text("utf-8").splitlines()
            found.setdefault(key, [json.loads(line) for line in lines if line.strip()][:30])
        if not found.get(key) and key in worlds.MAKERS:
            found[key] = worlds.rows(worlds.MAKERS[key])
    return {key: rows for key, rows in found.items() if rows}


def nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all values in a record."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from nodes(inner, (*path, name))
    if isinstance(value, list):
        for number, inner in enumerate(value):
            yield from nodes(inner, (*path, number))


def changed(value: Any, dice: random.Random) -> Any:
    """A copy with one value replaced, gone, moved under another name, or wrapped."""
    value = copy.deepcopy(value)
    paths = list(nodes(value))
    if not paths:
        return dice.choice(ODD)
    *way, last = dice.choice(paths)
    place = value
    for step in way:
        place = place[step]
    how = dice.randrange(6)
    if how < 3:
        place[last] = dice.choice(ODD)
    elif how == 3:
        del place[last]
    elif how == 4 and isinstance(place, dict):
        place[dice.choice([str(last).upper(), f" {last}", f"{last}.x", ""])] = place.pop(last)
    else:
        place[last] = [place[last]]
    return value


def written(rows: list[Any], form: str, dice: random.Random) -> bytes:
    if form == "jsonl":
        lines = []
        for row in rows:
            line = json.dumps(row, ensure_ascii=dice.random() < 0.5)
            if dice.random() < 0.03:
                line = line[: dice.randrange(len(line))]
            if dice.random() < 0.03 and line.startswith('{"'):
                line = "{" + line[1 : line.find(",") + 1] + line[1:]  # a field that is twice
            lines.append(line)
        end = dice.choice(["\n", "\n", "\r\n", "\n\n"])
        return (end.join(lines) + dice.choice([end, ""])).encode("utf-8", "surrogatepass")
    records = [row if isinstance(row, dict) else {"x": row} for row in rows]
    names = list(dict.fromkeys(name for row in records for name in row)) or ["x"]
    cells = [[text(row.get(name)) for name in names] for row in records]
    if form == "csv":
        import csv

        out = io.StringIO()
        mark = dice.choice([",", ",", ";", "\t"])
        writer = csv.writer(out, delimiter=mark, lineterminator=dice.choice(["\n", "\r\n"]))
        writer.writerows(
            [names, *[["" if cell is None else cell for cell in row] for row in cells]]
        )
        return out.getvalue().encode("utf-8", "surrogatepass")
    columns = {}
    for number, name in enumerate(names):
        values = [row[number] for row in cells]
        safe = [value and value.encode("utf-8", "replace").decode() for value in values]
        columns[name.encode("utf-8", "replace").decode()] = pa.array(safe, pa.string())
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


def damaged(data: bytes, dice: random.Random) -> bytes:
    """Bytes that a copy or a transfer changed."""
    how = dice.randrange(8)
    place = dice.randrange(len(data)) if data else 0
    if how == 0:
        return data[:place]
    if how == 1:
        return data[:place] + bytes([dice.randrange(256)]) + data[place + 1 :]
    if how == 2:
        return b"\xef\xbb\xbf" * dice.randrange(1, 3) + data
    if how == 3:
        return data[:place] + b"\x00\xff\xfe" + data[place:]
    if how == 4:
        return data + data
    if how == 5:
        return data.decode("utf-8", "replace").encode("utf-16")
    return data


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzzed")


def staged_rows(batch: Batch) -> tuple[Any, list[Row], list[Row]]:
    with open_staging(":memory:") as con:
        found = stage(con, batch, "staged")
        cursor = con.execute(rows_to_load(found))
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return found, rows, rejects(con, found).to_pylist()


def check(resource: Resource, root: Path) -> str:
    """What became of the only file below a folder: loaded, or refused in one sentence."""
    found = find_extracts(root)
    for problem in found.problems:
        assert "\n" not in problem.sentence
    if not found.batches:
        return "refused"
    try:
        staged, rows, listed = staged_rows(found.batches[0])
    except InputError as error:
        assert str(root) in str(error), error
        return "refused"
    assert (
        staged.rows_read == staged.loaded + staged.rejected + staged.left_out.total() + staged.older
    )
    assert len(rows) == staged.loaded
    assert len({row["record_number"] for row in listed}) >= bool(staged.rejected)
    assert sum(row["column_name"] is None for row in listed) >= 0
    assert len(listed) >= staged.rejected
    assert all(row["reason"] for row in listed)
    for row in rows:
        # rates have a key of texts that may be missing; ids never; an account may be called 0
        for column in resource.key_ids:
            no_id = {None, "", "null", "[]", "{}"} | ({"0"} if column.kind == "id" else set())
            assert row[column.name] not in no_id, (column.name, row[column.name])
    return "loaded"


def test_files(folder: Path, record_property: Record) -> None:
    keys = sorted(samples())
    ends: dict[str, int] = {}
    count = few(3600, 40)

    @fuzzed(count)
    @given(st.integers(0, 2**32), st.sampled_from(keys), st.sampled_from(FORMATS), st.booleans())
    def one(seed: int, key: tuple[str, str], form: str, is_gzip: bool) -> None:
        dice = random.Random(seed)
        rows = [copy.deepcopy(dice.choice(samples()[key])) for _ in range(dice.randrange(1, 5))]
        for _ in range(dice.randrange(4)):
            number = dice.randrange(len(rows))
            rows[number] = changed(rows[number], dice)
        data = written(rows, form, dice)
        if dice.random() < 0.3:
            data = damaged(data, dice)
        is_gzip = is_gzip and form != "parquet"
        if is_gzip:
            data = gzip.compress(data, 1)
            data = damaged(data, dice) if dice.random() < 0.1 else data
        for old in folder.rglob("*.*"):
            old.unlink()
        path = folder / key[0] / "s1" / f"{key[1]}.{form}{'.gz' if is_gzip else ''}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        started = time.monotonic()
        end = check(BY_NAME[key], folder)
        assert time.monotonic() - started < SLOWEST
        ends[end] = ends.get(end, 0) + 1

    one()
    assert ends["loaded"] > count / 4, ends
    assert ends["refused"] > count / 40, ends
    record_property("tried", sum(ends.values()))


def test_what_was_not_touched_stays(folder: Path, record_property: Record) -> None:
    """A wrong value in one field of one record changes no other value: it is the value of that field,
    a reject of that record, or the file is refused."""
    keys = sorted(samples())
    count = few(900, 25)
    tried = [0]

    @fuzzed(count)
    @given(st.integers(0, 2**32), st.sampled_from(keys))
    def one(seed: int, key: tuple[str, str]) -> None:
        dice, resource = random.Random(seed), BY_NAME[key]
        rows = [copy.deepcopy(row) for row in samples()[key][:3]]
        path = folder / key[0] / "s1" / f"{key[1]}.jsonl"
        tried[0] += 1

        def read(content: list[Row]) -> list[Row] | None:
            for old in folder.rglob("*.*"):
                old.unlink()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(f"{json.dumps(row)}\n" for row in content))
            try:
                return staged_rows(find_extracts(folder).batches[0])[1]
            except InputError:
                return None

        before = read(rows)
        fields = [name for name in rows[-1] if name not in resource.key]
        if before is None or len(before) < len(rows) or not fields:
            return
        field = dice.choice(fields)
        rows[-1][field] = dice.choice(ODD)
        after = read(rows)
        if after is None:
            return
        names = {column.name for column in resource.columns if column.field == field} | {"record"}
        by_number = {row["_record_number"]: row for row in after}
        for row in before:
            now = by_number.get(row["_record_number"])
            if now is None:
                assert row["_record_number"] == len(rows)
                continue
            others = {name for name in row if name not in names and not name.startswith("_")}
            if row["_record_number"] < len(rows):
                others |= names & set(row)
            for name in others:
                assert now[name] == row[name], (field, name)

    one()
    record_property("tried", tried[0])


@pytest.mark.parametrize("source", worlds.WORLDS)
def test_answers_of_an_api(source: str, tmp_path: Path, record_property: Record) -> None:
    """One answer of a load is changed: pages of records come out, or one ApiError."""
    module = importlib.import_module(f"pipelines.sources.{source}.api")
    count = few(100, 2)
    policy = RetryPolicy(attempts=2, sleep=lambda _: None, read_timeout=5.0, request_budget=15.0)
    ends = {"pages": 0, "refused": 0}
    with serving() as serve, pytest.MonkeyPatch.context() as monkeypatch:
        only_this_machine(monkeypatch)
        world = worlds.WORLDS[source](serve, configuring(monkeypatch))
        name = {"d365_bc": "production"}.get(source) or next(iter(world.records))[0]
        for seed in range(count):
            dice = random.Random(f"{source}{seed}")
            world.server.asked.clear()
            world.server.faults.clear()

            def mangled(asked: Asked, dice: random.Random = dice) -> Answer:
                good = world.server.answer(asked)
                return broken(good, dice)

            world.server.fail("/", mangled, skip=dice.randrange(8))
            started = time.monotonic()
            run = live._Run(True, Warehouse(tmp_path), policy, print, {})

            def fetched(job: Job, run: live._Run = run) -> live.Outcome:
                live._fetch(job, None, run)
                return live._outcome(job, "ok")

            try:
                for job in module.jobs(Instance(source, name), policy):
                    outcome = live._attempt(job, lambda job=job: fetched(job))
                    assert "unexpected" not in outcome.message, (seed, outcome)
                    assert "\n" not in outcome.message
                    ends["refused" if outcome.is_failure else "pages"] += 1
            except Exception as error:
                assert "unexpected" not in live._sentence(error), (seed, live._sentence(error))
                ends["refused"] += 1
            assert time.monotonic() - started < SLOWEST, seed
        for server in (world.server, world.entra, world.files):
            if server:
                server.refusals.clear()
    record_property("tried", count)
    assert ends["pages"], ends


def broken(good: Answer, dice: random.Random) -> Answer:
    """An answer as a lying, cut or broken server sends it."""
    how = dice.randrange(10)
    body = good.body if isinstance(good.body, bytes | str) else json.dumps(good.body)
    data = body.encode() if isinstance(body, str) else body
    if how == 0:
        return Answer(data[: len(data) // 2], good.status, good.headers)
    if how == 1:
        return Answer("<html>Sign in</html>", 200, {"Content-Type": "text/html"})
    if how == 2:
        return Answer(b"", 200)
    if how == 3:
        return Answer(dice.choice(["null", "[]", "{}", "0", '"x"', "[[]]", "NaN", "[" * 3000]), 200)
    if how == 4:
        return Answer(data, good.status, good.headers, cut=True)
    if how == 5:
        return Answer({"error": "no"}, dice.choice([400, 401, 403, 404, 409, 418, 500]))
    if isinstance(good.body, bytes | str) or good.body is None:
        return Answer(damaged(data, dice), good.status, good.headers)
    return Answer(changed(good.body, dice), good.status, good.headers)


def test_field_maps(tmp_path: Path, record_property: Record) -> None:
    """dbt can read every field map that is accepted, with the same columns."""
    names = sorted(path.name for path in FIELD_MAP_SEEDS.glob("*.csv"))
    target, own = Warehouse(tmp_path / "warehouse"), tmp_path / "own"
    count, ends = few(500, 20), {"accepted": 0, "refused": 0}

    @fuzzed(count)
    @given(st.integers(0, 2**32), st.sampled_from(names))
    def one(seed: int, name: str) -> None:
        dice = random.Random(seed)
        own.mkdir(exist_ok=True)
        for path in FIELD_MAP_SEEDS.glob("*.csv"):
            (own / path.name).write_bytes(path.read_bytes())
        data = (own / name).read_bytes()
        lines = data.split(b"\n")
        number = dice.randrange(len(lines))
        odd = text(dice.choice(ODD)) or ""
        how = dice.randrange(5)
        if how == 0:
            lines[number] += dice.choice([b",", b'"', b",x,y", b"\x00", b"\r"])
        elif how == 1:
            lines[number] = lines[number].replace(b",", b";")
        elif how == 2:
            cells = lines[number].split(b",")
            cells[dice.randrange(len(cells))] = odd.encode("utf-8", "surrogatepass")
            lines[number] = b",".join(cells)
        data = damaged(b"\n".join(lines), dice) if how > 2 else b"\n".join(lines)
        (own / name).write_bytes(data)
        try:
            seeds = prepare_field_map(target, own)
        except InputError as error:
            assert name in str(error)
            ends["refused"] += 1
            return
        ends["accepted"] += 1
        for path in seeds.glob("*.csv"):
            table = from_csv(str(path), text_columns=[])
            assert all(table.column_names), path

    one()
    assert ends["refused"], ends
    assert ends["accepted"], ends
    record_property("tried", sum(ends.values()))


def test_sizes_are_bounded() -> None:
    """Of a line, of what a file unpacks to, of an answer; nesting is in test_nesting."""
    from pipelines.load import readers
    from pipelines.sources.http import RetryPolicy

    assert readers.MAX_LINE_BYTES <= 1 << 30
    assert not math.isinf(readers.MAX_UNPACKED_BYTES)
    policy = RetryPolicy()
    assert policy.most_megabytes and policy.request_budget and policy.resource_budget


@pytest.mark.parametrize("depth", [50, 2_000, 200_000])
def test_nesting(folder: Path, depth: int) -> None:
    """A record nested beyond reason is listed, or the file is refused."""
    for old in folder.rglob("*.*"):
        old.unlink()
    good = json.dumps(samples()["shopify", "orders"][0])
    path = folder / "shopify" / "s1" / "orders.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{good}\n{{"id": "o/9", "tags": {"[" * depth}{"]" * depth}}}\n')
    assert check(BY_NAME["shopify", "orders"], folder) in ("loaded", "refused")
