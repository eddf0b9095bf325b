"""Schema drift: every declared field of every resource gone, renamed, of another type; new fields.

A later file that differs from the files before is noticed and listed with a remedy; nothing is wedged:
the file after it loads as before.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from machine_room import few
from test_fuzzed_input import samples, staged_rows
from test_servers import POLICY

from pipelines.load.discovery import find_extracts
from pipelines.load.judge import SMALL_FILE
from pipelines.load.staging import open_staging, rejects, stage
from pipelines.settings import InputError
from pipelines.sources.tables import BY_NAME
from tests.python.live import worlds
from tests.python.live.loading import load, raw_rows
from tests.python.live.serving import configuring, serving

Record = Callable[[str, Any], None]
Row = dict[str, Any]
KEYS = sorted(key for key, rows in samples().items() if len(rows) > SMALL_FILE)


def noticed(folder: Path, key: tuple[str, str], rows: list[Row], earlier: set[str]) -> str:
    """What is said of a file: the refusal, else the warnings and reasons of rejects."""
    path = folder / key[0] / "s1" / f"{key[1]}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    batch = find_extracts(folder).batches[0]
    try:
        with open_staging(":memory:") as con:
            staged = stage(con, batch, "staged", frozenset(earlier))
            listed = rejects(con, staged).to_pylist()
    except InputError as error:
        return str(error)
    texts = [*staged.warnings, *(f"{row['column_name']} {row['reason']}" for row in listed)]
    return " ".join(texts)


@pytest.mark.parametrize("key", KEYS[:: few(1, 0) or 3], ids=".".join)
def test_fields_of_files(key: tuple[str, str], tmp_path: Path, record_property: Record) -> None:
    resource, rows = BY_NAME[key], samples()[key][:5]
    path = tmp_path / key[0] / "s1" / f"{key[1]}.jsonl"
    assert isinstance(noticed(tmp_path, key, rows, set()), str)
    before, good, _ = staged_rows(find_extracts(tmp_path).batches[0])
    fields = [
        column.field
        for column in resource.columns
        if any(row.get(column.field) not in (None, "", [], {}) for row in rows)
        and column.field in before.fields
    ]
    fields = fields if few(1, 0) else fields[::15]
    record_property("tried", 3 * len(fields) + 1)
    for field in fields:
        gone = [{name: value for name, value in row.items() if name != field} for row in rows]
        renamed = [row | {f"{field}_new": row.get(field)} for row in gone]
        for changed in (gone, renamed):
            text = noticed(tmp_path, key, changed, before.fields)
            assert field.lower() in text.lower() or field in resource.key, (field, text)
        if next(column for column in resource.columns if column.field == field).kind != "json":
            other = [row | {field: {"value": row.get(field)}} for row in rows]
            text = noticed(tmp_path, key, other, before.fields)
            assert text, f"{field} is an object, and no one says so"
    more = [row | {"aNewField": {"a": [1]}, "another": "x"} for row in rows]
    noticed(tmp_path, key, more, before.fields)
    names = [column.name for column in resource.columns]
    after = staged_rows(find_extracts(tmp_path).batches[0])[1]
    assert [[row[n] for n in names] for row in after] == [[row[n] for n in names] for row in good]
    assert path.exists()


@pytest.mark.parametrize("source", ["dataverse", "d365_fo", "power_automate"][: few(3, 1)])
def test_a_service_that_drops_a_field_and_brings_it_back(source: str, target: Any) -> None:
    """Its metadata no longer has a wished field: the load goes on without it, and with it again."""
    from dataclasses import replace

    honest = replace(POLICY, request_budget=30.0, read_timeout=30.0)
    with serving() as serve, pytest.MonkeyPatch.context() as monkeypatch:
        world = worlds.WORLDS[source](serve, configuring(monkeypatch))
        (instance, resource), path = next(iter(world.address.items()))
        entities = world.server.sets[path]
        keys = {*BY_NAME[source, resource].key}
        needed = {name for need in BY_NAME[source, resource].needs for name in need.paths}
        spare = sorted(entities.fields - keys - {one.partition(".")[0] for one in needed})
        assert not [one for one in load(source, target, honest) if one.is_failure]
        rows = len(raw_rows(target, source, resource))
        for field in spare[:: few(1, 0) or 9]:
            entities.fields.discard(field)
            world.server.asked.clear()
            outcomes = live_full(source, target, honest)
            mine = next(one for one in outcomes if one.resource == resource)
            assert "unexpected" not in mine.message, (field, mine)
            assert not mine.is_failure or field in mine.message, (field, mine)
            assert len(raw_rows(target, source, resource)) == rows
            entities.fields.add(field)
        world.server.refusals.clear()
        assert not [one for one in live_full(source, target, honest) if one.is_failure]
        assert instance


def live_full(source: str, target: Any, policy: Any) -> list[Any]:
    return load(source, target, policy, full=True)
