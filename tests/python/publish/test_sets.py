"""Published sets: readers never see a mix, a kill leaves the old one; rollback, retention."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from small_build import change, headline, set_value, values_of

from pipelines.commands.steps import has_fingerprint
from pipelines.publish import retention
from pipelines.publish.retention import READER_SECONDS, prune, roll_back, sets_kept
from pipelines.publish.sets import (
    begin_set,
    is_newest_current,
    is_rolled_back,
    published_place,
    switch,
)
from pipelines.publish.write import publish
from pipelines.settings import PROJECT, BuildError, InputError, Warehouse

KILLED = -9
HERE = Path(__file__).parent
READER = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from small_build import headline, values_of

published = Path(sys.argv[2])
print("ready", flush=True)
while True:
    line = values_of((published / "current").resolve())
    print(len(line), max(line), headline(published), flush=True)
    time.sleep(0.02)
"""
KILLER = """
import importlib, os, signal, sys
from pathlib import Path
from pipelines.settings import Warehouse

module, names, when, target = sys.argv[1:]
*owners, name = names.split(".")
place = importlib.import_module(module)
for owner in owners:
    place = getattr(place, owner)
original = getattr(place, name)

def kill(*args, **kwargs):
    if when == "after":
        original(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(place, name, kill)
from pipelines.publish.write import publish
publish(Warehouse(Path(target)))
"""
# where (module, function), when, and which value readers see after the kill
MOMENTS = {
    "before anything is written": ("pipelines.publish.write", "write_set", "before", 17),
    "between the two formats": ("pipelines.publish.write", "_write_parquet", "before", 17),
    "before the audit": ("pipelines.publish.write", "audit", "before", 17),
    "before the set has its name": ("pipelines.publish.write", "finish_set", "before", 17),
    "before the switch": ("pipelines.publish.write", "finish_set", "after", 17),
    "while it goes to the disk": ("pipelines.publish.sets", "sync", "after", 17),
    "in the switch": ("pathlib", "Path.symlink_to", "before", 17),
    "in the switch, with a link made": ("pathlib", "Path.symlink_to", "after", 17),
    "after the switch": ("pipelines.publish.write", "switch", "after", 18),
    "while old sets are deleted": ("pipelines.publish.retention", "remove", "before", 18),
}


def current(target: Warehouse) -> Path:
    folder = published_place(target).current
    assert folder is not None
    return folder


def names(target: Warehouse) -> list[str]:
    return [folder.name for folder in published_place(target).sets()]


def publish_values(target: Warehouse, *values: int) -> list[Path]:
    """Publish one set per value; return their folders."""
    folders = []
    for value in values:
        set_value(target, value)
        publish(target, f"fingerprint-{value}")
        folders.append(current(target))
    return folders


def age(folder: Path, seconds: float) -> None:
    moment = folder.stat().st_mtime - seconds
    os.utime(folder, (moment, moment))


def test_readers_see_one_set_or_the_other(target: Warehouse) -> None:
    publish_values(target, 100)
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(HERE), str(target.published)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert reader.stdout is not None and reader.stdout.readline() == "ready\n"
        publish_values(target, *range(101, 113))
    finally:
        reader.terminate()
        output, errors = reader.communicate(timeout=60)
    reads = [tuple(map(int, line.split())) for line in output.splitlines()[:-1]]
    assert not errors
    assert {count for count, *_ in reads} == {1}, "a read mixed two sets"
    seen = [value for _, value, _ in reads]
    assert len(set(seen)) >= 4, "the reader was too slow to see several sets"
    assert seen == sorted(seen)
    assert all(value <= through_link for _, value, through_link in reads)


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_killed_publish_leaves_the_old_set_or_the_new(
    target: Warehouse, moment: tuple[str, str, str, int]
) -> None:
    *place, value = moment
    (first,) = publish_values(target, 17)
    old = first.with_name("20260101T000000000000Z-old")
    shutil.copytree(first, old)
    age(old, READER_SECONDS + 1)
    set_value(target, 18)
    killed = subprocess.run(
        [sys.executable, "-c", KILLER, *place, str(target.root)],
        cwd=PROJECT,
        env=os.environ | {"PUBLISHED_SETS_KEPT": "1"},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == KILLED, killed.stderr.decode()
    assert values_of(current(target)) == {value}
    assert headline(target.published) == value
    set_value(target, 19)
    publish(target, keep=1)
    assert values_of(current(target)) == {19}
    assert not list(target.published.rglob("*.unfinished*"))
    assert not old.exists()


def test_set_that_a_kill_kept_from_readers_is_not_taken_for_published(target: Warehouse) -> None:
    """The next run has to build and publish, because the current set is older."""
    publish_values(target, 17)
    assert is_newest_current(target)
    old = current(target)
    publish_values(target, 18)
    switch(published_place(target), old)
    assert not is_newest_current(target)


def test_open_reader_stops_neither_build_nor_publish(target: Warehouse) -> None:
    """Also when its set is deleted: open files stay readable."""
    (first,) = publish_values(target, 17)
    with duckdb.connect(str(target.published_marts), read_only=True) as reader:
        assert reader.execute("select value from cards.card_values").fetchall() == [(17,)]
        publish_values(target, 18)
        age(first, READER_SECONDS + 1)
        set_value(target, 19)
        publish(target, keep=1)
        assert not first.exists()
        assert reader.execute("select count(*) from worklist.onboarding_worklist").fetchall() == [
            (17,)
        ]
    assert headline(target.published) == 19


def test_rollback_goes_to_the_set_before(target: Warehouse) -> None:
    folders = publish_values(target, 17, 18, 19)
    place = published_place(target)
    assert roll_back(place) == (folders[2], folders[1])
    assert values_of(current(target)) == {18}
    assert headline(target.published) == 18
    assert json.loads(target.published_manifest.read_text())["fingerprint"] == "fingerprint-18"
    assert roll_back(place) == (folders[1], folders[0])
    assert headline(target.published) == 17
    with pytest.raises(InputError, match="no set before"):
        roll_back(place)
    assert headline(target.published) == 17


def test_rollback_passes_over_sets_that_a_rollback_has_left(target: Warehouse) -> None:
    good, bad = publish_values(target, 17, 18)
    roll_back(published_place(target))
    publish_values(target, 19)
    assert is_rolled_back(bad)
    roll_back(published_place(target))
    assert current(target) == good


def test_run_after_a_rollback_builds_and_publishes_again(target: Warehouse) -> None:
    """Even with the inputs of the current set: the warehouse has another build."""
    publish_values(target, 17, 18)
    assert has_fingerprint(target, "fingerprint-18")
    roll_back(published_place(target))
    assert not has_fingerprint(target, "fingerprint-18")
    assert not has_fingerprint(target, "fingerprint-17")
    publish_values(target, 18)
    assert has_fingerprint(target, "fingerprint-18")


def test_run_after_a_build_that_was_killed_builds_again(target: Warehouse) -> None:
    publish_values(target, 17)
    target.unfinished.touch()
    assert not has_fingerprint(target, "fingerprint-17")


def test_rollback_where_nothinghas_fingerprint(target: Warehouse) -> None:
    with pytest.raises(InputError, match=r"nothing is published; run `make run`"):
        roll_back(published_place(target))


def test_rollback_refuses_a_damaged_set(target: Warehouse) -> None:
    publish_values(target, 17, 18)
    damaged = published_place(target).sets()[0] / "parquet/cards/card_values.parquet"
    damaged.write_bytes(b"x")
    with pytest.raises(InputError, match=r"card_values.parquet has changed.*nothing changed"):
        roll_back(published_place(target))
    assert headline(target.published) == 18
    assert not is_rolled_back(current(target))


def test_old_sets_are_deleted_when_no_reader_can_open_them_any_more(target: Warehouse) -> None:
    folders = publish_values(target, *range(1, 8))
    assert [folder.name for folder in folders] == names(target), "all are younger than a reader"
    for folder in folders[:-1]:
        age(folder, READER_SECONDS + 1)
    set_value(target, 8)
    publish(target)
    assert names(target) == [folder.name for folder in (*folders[3:], current(target))]
    publish(target, keep=2)
    left = names(target)
    assert left[-1] == current(target).name and left[:-1] == [left[0], left[-2]]


def test_current_set_is_never_deleted(target: Warehouse) -> None:
    folders = publish_values(target, 1, 2, 3)
    switch(published_place(target), folders[0])
    for folder in folders:
        age(folder, READER_SECONDS + 1)
    assert prune(published_place(target), keep=1) == [folders[1]]
    assert current(target) == folders[0]
    assert headline(target.published) == 1


def test_set_that_was_current_until_now_stays_for_its_readers(target: Warehouse) -> None:
    (first,) = publish_values(target, 1)
    age(first, READER_SECONDS + 1)
    set_value(target, 2)
    publish(target, keep=1)
    assert first.exists(), "a reader may just have resolved it"


def test_half_deleted_set_never_looks_whole(
    target: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = publish_values(target, 1, 2)
    age(first, READER_SECONDS + 1)

    def killed(folder: Path) -> None:
        (folder / "manifest.json").unlink()
        raise KeyboardInterrupt

    monkeypatch.setattr(retention, "remove", killed)
    with pytest.raises(KeyboardInterrupt):
        retention.prune(published_place(target), keep=1)
    assert names(target) == [second.name]


def test_number_of_sets_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUBLISHED_SETS_KEPT", raising=False)
    assert sets_kept(None) == 5
    monkeypatch.setenv("PUBLISHED_SETS_KEPT", "9")
    assert sets_kept(None) == 9
    assert sets_kept(2) == 2
    monkeypatch.setenv("PUBLISHED_SETS_KEPT", "many")
    with pytest.raises(InputError, match="'many' published sets cannot be kept"):
        sets_kept(None)
    with pytest.raises(InputError, match="'0' published sets"):
        sets_kept(0)


def test_set_ids_sort_by_time_also_when_the_clock_goes_back(target: Warehouse) -> None:
    (future,) = publish_values(target, 1)
    future = future.rename(future.with_name("20991231T235959999999Z-run-1"))
    switch(published_place(target), future)
    assert begin_set(published_place(target), "run-2").name == (
        "21000101T000000000000Z-run-2.unfinished"
    )


def test_file_system_without_links_is_told_before_anything_is_written(
    target: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("Operation not supported")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    with pytest.raises(InputError, match="a file system with symbolic links: move WAREHOUSE_DIR"):
        publish(target)
    assert not list(target.published.rglob("*.duckdb"))


def write_old_layout(target: Warehouse, value: int = 7) -> None:
    """Published files of the version before sets."""
    target.published.mkdir(exist_ok=True)
    for name in ("marts.duckdb", "manifest.json"):
        (target.published / name).unlink(missing_ok=True)
    with duckdb.connect(str(target.published / "marts.duckdb")) as con:
        con.execute(
            f"create schema cards; create table cards.card_values as select {value} as value"
        )
    manifest = {"run_id": "run-old-one", "published_at": f"2026-04-0{value}T08:00:00+00:00"}
    (target.published / "manifest.json").write_text(json.dumps(manifest))
    (target.published / "marts.unfinished").write_text("left by a kill")


def test_files_of_an_earlier_version_become_a_set(target: Warehouse) -> None:
    write_old_layout(target)
    publish_values(target, 17)
    assert values_of(current(target)) == {17}
    old = published_place(target).sets()[0]
    assert old.name == "20260407T080000000000Z-run-old-"
    assert all((target.published / name).is_symlink() for name in ("marts.duckdb", "manifest.json"))
    assert not (target.published / "marts.unfinished").exists()
    roll_back(published_place(target))
    assert headline(target.published) == 7


def test_files_of_an_earlier_version_stay_when_the_publish_fails(target: Warehouse) -> None:
    write_old_layout(target)
    change(target, "delete from cards.card_values")
    with pytest.raises(BuildError):
        publish(target)
    assert headline(target.published) == 7
    assert json.loads(target.published_manifest.read_text())["run_id"] == "run-old-one"


@pytest.mark.parametrize("links", range(1, 6))
def test_killed_take_over_is_done_again(
    target: Warehouse, monkeypatch: pytest.MonkeyPatch, links: int
) -> None:
    """Killed after each link; an error has the same effect as a kill."""
    from pipelines.publish import sets as published

    write_old_layout(target)
    original: Callable[..., None] = published._link
    made: list[Path] = []

    def link(path: Path, to: Path) -> None:
        original(path, to)
        run_id = json.loads(target.published_manifest.read_text())["run_id"]
        assert (headline(target.published) == 7) == (run_id == "run-old-one")
        made.append(path)
        if len(made) == links:
            raise KeyboardInterrupt

    monkeypatch.setattr(published, "_link", link)
    with pytest.raises(KeyboardInterrupt):
        publish(target)
    assert headline(target.published) == 7
    publish_values(target, 17)
    assert len(names(target)) == 2
    assert values_of(current(target)) == {17}


def test_run_after_an_upgrade_publishes_a_set(target: Warehouse) -> None:
    """Although nothing else changed, because there is no Parquet yet."""
    write_old_layout(target)
    manifest = json.loads(target.published_manifest.read_text())
    target.published_manifest.write_text(json.dumps(manifest | {"fingerprint": "same"}))
    assert not has_fingerprint(target, "same")


def test_earlier_version_may_publish_once_more(target: Warehouse) -> None:
    """Going back to an old version of the project, and forward again."""
    write_old_layout(target)
    publish_values(target, 17)
    write_old_layout(target, 8)
    assert headline(target.published) == 8
    publish_values(target, 18)
    assert [headline(folder) for folder in published_place(target).sets()] == [7, 8, 17, 18]


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipelines", "publish", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_command_line(target: Warehouse) -> None:
    first, second = publish_values(target, 17, 18)
    done = command("--rollback")
    assert done.returncode == 0, done.stderr
    assert f"back from set {second.name} to {first.name}, as of 2026-04-12" in done.stdout
    listed = command("--list").stdout.splitlines()
    assert listed[0].startswith(second.name) and listed[0].endswith("rolled back")
    assert listed[1].startswith(first.name) and listed[1].endswith("current")
    failed = command("--rollback")
    assert failed.returncode == 2
    assert failed.stderr.startswith("ERROR ") and "no set before" in failed.stderr
    done = command("--without-personal-data", "--keep", "3")
    assert done.returncode == 0, done.stderr
    assert "without_personal_data/marts.duckdb: 3 tables, 23 rows" in done.stdout
    assert "exclude each other" in command("--rollback", "--list").stderr
