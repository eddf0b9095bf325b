"""What a machine refuses: disk, rights, memory, clock, a second command, open and damaged files.

Each ends in one sentence and exit code 2; nothing is damaged, and the next normal command works.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from machine_room import Ended, Room, one_sentence
from test_killed import raw_rows, small_warehouse, write_extracts

from pipelines.__main__ import cli
from pipelines.settings import Warehouse
from tests.python.export.test_export_onboarding import COMPANY, PERSON, warehouse_with
from tests.python.publish.small_build import change, headline, set_value, values_of
from tests.python.published_world import World, write_published

Tries = Callable[[int, int], int]
Record = Callable[[str, Any], None]
OVERRIDE, SEARCH, DROP = 1, 2, 24  # capabilities of root over rights, and prctl to drop one


def file_limit(size: int) -> Callable[[], None]:
    """No file may grow beyond: writing fails as on a full disk."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def without_rights() -> None:
    """Rights count also for root."""
    if os.getuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in (OVERRIDE, SEARCH):
            assert libc.prctl(DROP, capability, 0, 0, 0) == 0


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with loaded raw tables, a published set of 17 and a build of 18; extracts of the
    next day."""
    folder = tmp_path_factory.mktemp("template")
    target = Warehouse(folder / "warehouse")
    small_warehouse(target)
    write_extracts(folder / "extracts", 0)
    assert Room(target).run("load", "extracts", str(folder / "extracts")).code == 0
    write_extracts(folder / "extracts", 1)
    set_value(target, 18)
    return folder


@pytest.fixture
def loaded(target: Warehouse, template: Path, tmp_path: Path) -> Room:
    """A copy of the template."""
    shutil.copytree(template, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Room(target)


def is_whole(room: Room, folder: Path) -> None:
    """The next normal commands work, with the whole content."""
    ended = room.run("load", "extracts", str(folder))
    assert ended.code == 0, ended.output
    clean = Room(Warehouse(folder.parent / "clean"))
    if not clean.target.raw.exists():
        assert clean.run("load", "extracts", str(folder)).code == 0
    found, wanted = raw_rows(room.target), raw_rows(clean.target)
    assert {name: len(rows) for name, rows in found.items()} == {
        name: len(rows) for name, rows in wanted.items()
    }
    ended = room.run("publish")
    assert ended.code == 0, ended.output
    assert values_of((room.target.published / "current").resolve()) == {18}
    assert not room.left_overs()


def refused(ended: Ended, *parts: str) -> None:
    """One sentence; a publish that could not write may also say that nothing is published (1)."""
    if ended.code == 0:
        return
    if ended.code == 1 and "nothing published" in ended.output:
        assert "Traceback" not in ended.output
        return
    one_sentence(ended, *parts)


def test_full_disk(loaded: Room, tmp_path: Path, tries: Tries, record_property: Record) -> None:
    folder = tmp_path / "extracts"
    sizes = [1 << power for power in range(0, 24, 24 // tries(24, 3))]
    record_property("tried", 2 * len(sizes))
    for size in sizes:
        for command in (("load", "extracts", str(folder)), ("publish",)):
            refused(loaded.run(*command, preexec_fn=file_limit(size)))
            assert headline(loaded.target.published) in (17, 18)
    is_whole(loaded, folder)


def test_full_disk_of_files_for_people(
    target: Warehouse, tmp_path: Path, tries: Tries, record_property: Record
) -> None:
    rooms = {
        "export onboarding": Room(warehouse_with(tmp_path / "a" / "warehouse", PERSON, COMPANY)),
        "report": Room(write_published(tmp_path / "b" / "warehouse", World())),
    }
    sizes = [0, 100, 20_000, 400_000][: tries(4, 1)]
    record_property("tried", len(rooms) * len(sizes))
    for words, room in rooms.items():
        for size in sizes:
            refused(room.run(*words.split(), preexec_fn=file_limit(size)), "free some space")
        assert room.run(*words.split()).code == 0
        assert not room.left_overs()


COMMANDS = ("load extracts {}", "publish", "publish --rollback", "report", "notify", "cards")


def test_folder_without_rights(
    loaded: Room, tmp_path: Path, tries: Tries, record_property: Record
) -> None:
    folder = tmp_path / "extracts"
    commands = COMMANDS[: tries(9, 2)]
    record_property("tried", len(commands))
    places = [loaded.target.root, *(p for p in loaded.target.root.rglob("*") if not p.is_symlink())]
    modes = {place: place.stat().st_mode for place in places}
    for place in places:
        place.chmod(modes[place] & ~0o222)
    for words in commands:
        ended = loaded.run(*words.format(folder).split(), preexec_fn=without_rights)
        if words not in ("cards", "notify", "report"):
            one_sentence(ended)
        assert "Traceback" not in ended.output, ended.output
    for place in reversed(places):
        place.chmod(modes[place])
    is_whole(loaded, folder)


def test_little_memory(
    loaded: Room,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    umask: None,
    record_property: Record,
) -> None:
    """What DuckDB may use. Where the system kills the process, see test_killed.py."""
    import pipelines.load.raw as raw
    import pipelines.load.staging as staging

    sizes = ("100KB", "2MB", "5MB", "9MB")
    record_property("tried", len(sizes))
    for size in sizes:
        with monkeypatch.context() as patched:
            for module in (raw, staging):
                patched.setattr(module, "LITTLE_MEMORY", {"memory_limit": size, "threads": 1})
            refused(called(capsys, "load", "extracts", str(tmp_path / "extracts")), "memory")
            assert headline(loaded.target.published) == 17
    is_whole(loaded, tmp_path / "extracts")


def test_two_commands_at_once(
    loaded: Room, tmp_path: Path, tries: Tries, record_property: Record
) -> None:
    folder, count = str(tmp_path / "extracts"), tries(10, 1)
    record_property("tried", 3 * count)
    for number in range(count):
        write_extracts(tmp_path / "extracts", 1 + number % 2)
        commands = [("load", "extracts", folder), ("publish",), ("load", "extracts", folder)]
        processes = [loaded.start(*words) for words in commands]
        ended = [(process.communicate()[0], process.returncode) for process in processes]
        assert any(code == 0 for _, code in ended), ended
        for output, code in ended:
            assert code in (0, 2), output
            assert not code or "another run is in progress" in output, output
    write_extracts(tmp_path / "extracts", 1)
    is_whole(loaded, tmp_path / "extracts")


def test_open_readers(loaded: Room, tmp_path: Path, tries: Tries, record_property: Record) -> None:
    """A program has a database open, for reading or for writing."""
    files = ("raw.duckdb", "warehouse.duckdb", "memory.duckdb", "published/marts.duckdb")
    cases = [(name, mode) for name in files for mode in ("True", "False")][: tries(8, 2)]
    record_property("tried", 2 * len(cases))
    hold = "import duckdb,sys; c = duckdb.connect(sys.argv[1], read_only=eval(sys.argv[2])); print(1, flush=True); input()"
    import subprocess

    for name, mode in cases:
        holder = subprocess.Popen(
            [sys.executable, "-c", hold, str(loaded.target.root / name), mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert holder.stdout.readline() == "1\n"
        try:
            for words in (("load", "extracts", str(tmp_path / "extracts")), ("publish",)):
                ended = loaded.run(*words)
                if ended.code:
                    one_sentence(ended, "open in another program")
        finally:
            holder.communicate("\n")
    is_whole(loaded, tmp_path / "extracts")


# Damaged files, in this process: a command a file and damage

DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "noise": lambda path: path.write_bytes(
        path.read_bytes()[:5000] + os.urandom(200_000) + path.read_bytes()[205_000:]
    ),
    "text": lambda path: path.write_text("[]"),
    "null": lambda path: path.write_text("null"),
    "not UTF-8": lambda path: path.write_bytes(b"\xff\xfe\x00" * 100),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a broken link": lambda path: (path.unlink(), path.symlink_to("/gone/away")),
    "a circle": lambda path: (path.unlink(), path.symlink_to(path.name)),
}


def called(capsys: pytest.CaptureFixture[str], *words: str) -> Ended:
    """A command in this process."""
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(sys, "argv", ["pipelines", *words])
        code: object = 0
        try:
            cli()
        except SystemExit as error:
            code = error.code
    return Ended(int(code or 0), "".join(capsys.readouterr()), 0.0)


def restore(copy: Path, root: Path) -> None:
    shutil.rmtree(root)
    shutil.copytree(copy, root, symlinks=True)


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


FILES = (
    *("raw.duckdb", "warehouse.duckdb", "memory.duckdb", ".lock", "notify/memory.json"),
    *("target/manifest.json", "target/run_results.json"),
    *("published/current/marts.duckdb", "published/current/manifest.json"),
    "published/current/parquet/cards/card_values.parquet",
)


def test_damaged_files(
    loaded: Room,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    umask: None,
    tries: Tries,
    record_property: Record,
) -> None:
    """Of every kind, each damage, under every command: a sentence or success, never a traceback.
    Without the damaged file the next load and publish work, except for the published file, which
    is the past itself."""
    root, copy = loaded.target.root, tmp_path / "copy"
    assert loaded.run("notify").code == 0
    (root / "notify").mkdir(exist_ok=True)
    (root / "notify" / "memory.json").write_text(
        '{"salt":"x","told":{},"outbox":[],"newest_as_of":null,"newest_measured_at":null}'
    )
    shutil.copytree(root, copy, symlinks=True)
    folder = str(tmp_path / "extracts")
    cases = [(name, how) for name in FILES for how in DAMAGES][:: 1 if tries(1, 0) else 19]
    commands = ("load extracts " + folder, "publish", "report", "notify", "cards", "doctor")
    record_property("tried", len(cases) * len(commands))
    for name, how in cases:
        for words in commands:
            path = root / name
            DAMAGES[how](path.resolve() if path.is_symlink() and how != "a broken link" else path)
            ended = called(capsys, *words.split())
            assert "Traceback" not in ended.output, (name, how, words, ended.output)
            assert ended.code in (0, 1, 2), (name, how, words)
            if ended.code == 1:
                assert "nothing published" in ended.output, (name, how, words, ended.output)
            if ended.code == 2:
                assert "ERROR" in ended.output, (name, how, words)
            if not name.startswith("published"):
                assert headline(root / "published") in (17, 18), (name, how, words)
            restore(copy, root)
        if not name.startswith("published") and not name.startswith("target"):
            (root / name).unlink()
            if name == "warehouse.duckdb":
                change(loaded.target, "create schema cards")
            assert called(capsys, "load", "extracts", folder).code == 0, name
            restore(copy, root)


# The extract folder: what is no file, and names that no one expects

ENTRIES: dict[str, Callable[[Path], object]] = {
    "a broken link": lambda path: path.symlink_to("/gone/away"),
    "a circle": lambda path: path.symlink_to(path.name),
    "a pipe": os.mkfifo,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a socket": lambda path: socket.socket(socket.AF_UNIX).bind(os.path.relpath(path)),
    "a folder": Path.mkdir,
    "without rights": lambda path: (path.write_text("{}\n"), path.chmod(0)),
    "memory of the machine": lambda path: path.symlink_to("/proc/self/mem"),
    "standard input": lambda path: path.symlink_to("/dev/stdin"),
}
PLACES = (
    "shopify/s1/orders.jsonl",
    "shopify/s1/customers.csv.gz",
    "shopify/s1/x.parquet",
    "shopify/s2",
)
NAMES = (
    "é\n.jsonl",
    "=cmd().csv",
    "..jsonl",
    "orders.jsonl ",
    "ORDERS.JSONL",
    "💥",
    "a" * 250,
    "-rf",
)


def test_entries_of_the_extract_folder(
    target: Warehouse,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    umask: None,
    tries: Tries,
    record_property: Record,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Everything else is loaded, whatever is beside it."""
    monkeypatch.chdir(tmp_path)
    cases = [(place, kind) for place in PLACES for kind in ENTRIES]
    cases += [(f"shopify/s1/{name}", "a file") for name in NAMES]
    cases += [(f"shopify/{name}/orders.jsonl", "a file") for name in NAMES]
    cases += [(os.fsdecode(b"shopify/\xff\xfe/orders.jsonl"), "a file")]
    cases = cases[:: 1 if tries(1, 0) else 12]
    record_property("tried", len(cases))
    for number, (place, kind) in enumerate(cases):
        folder = tmp_path / f"extracts-{number}"
        write_extracts(folder, 0)
        shutil.rmtree(folder / "shopify")
        entry = folder / place
        entry.parent.mkdir(parents=True, exist_ok=True)
        ENTRIES.get(kind, lambda path: path.write_text('{"id": "1"}\n'))(entry)
        ended = called(capsys, "load", "extracts", str(folder))
        assert "Traceback" not in ended.output, (place, kind, ended.output)
        assert ended.code in (0, 2), (place, kind)
        assert ended.code == 0 or "ERROR" in ended.output, (place, kind, ended.output)
        with duckdb.connect(str(target.raw), read_only=True) as con:
            assert con.execute("select count(*) from raw_d365_fo.customers").fetchone() == (500,)
        target.raw.unlink()


def test_a_clock_that_jumps(
    target: Warehouse,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tries: Tries,
    record_property: Record,
) -> None:
    """Back and forth between loads and publishes: the last that came is the last that counts."""
    import datetime as dates
    import time

    from rich.console import Console

    import pipelines.load.batches as batches
    import pipelines.publish.sets as sets
    from pipelines.publish.write import publish

    jumps = (0, -86_400, 400, -3_600, 40_000_000, -40_000_000, 0, -1)[: tries(8, 3)]
    record_property("tried", 2 * len(jumps))
    now = time.time()
    small_warehouse(target)
    for number, jump in enumerate(jumps):
        at = now + jump

        class Clock(dates.datetime):
            @classmethod
            def now(cls, tz: Any = None, at: float = at) -> Any:
                return dates.datetime.fromtimestamp(at, tz)

        monkeypatch.setattr(time, "time", lambda at=at: at)
        monkeypatch.setattr(batches, "datetime", Clock)
        monkeypatch.setattr(sets, "datetime", Clock)
        write_extracts(tmp_path / "extracts", 1 + number % 2)
        report = batches.load_extracts(target, tmp_path / "extracts", Console(quiet=True))
        assert report.is_ok
        set_value(target, 20 + number)
        publish(target)
        assert headline(target.published) == 20 + number
        names = [path.name for path in sets.published_place(target).sets()]
        assert names[-1] == (target.published / "current").resolve().name
        monkeypatch.undo()
        clean = Warehouse(tmp_path / f"clean-{number % 2}")
        if not clean.raw.exists():
            batches.load_extracts(clean, tmp_path / "extracts", Console(quiet=True))
        assert raw_rows(target)["raw_d365_fo.customers"] == raw_rows(clean)["raw_d365_fo.customers"]
        assert raw_rows(target)["rejects"] == raw_rows(clean)["rejects"]
