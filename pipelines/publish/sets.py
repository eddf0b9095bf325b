"""The folders of the published sets, and which set is current.

A place is the folder `published/`; `published/without_personal_data/` is a second one:

    sets/<set id>/   marts.duckdb, manifest.json, parquet/<schema>/<mart>.parquet, dbt/, report.html
    current          link to the current set, the only thing a publish or rollback switches
    marts.duckdb     and manifest.json, parquet, report.html: links through `current`, never changed

Set ids sort by time. A set is written as `<set id>.unfinished`, so a folder without that suffix is
complete. To read several files of a set, resolve `current` once.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.settings import InputError, Warehouse, sha256_of, shown

WITHOUT_PERSONAL_DATA = "without_personal_data"
LINKS = ("manifest.json", "parquet", "report.html", "marts.duckdb")  # marts last: see take_over
FOR_ONE_RUN = ("accept_master_shrink",)  # dbt variables that no later run may take over
UNFINISHED = ".unfinished"
ROLLED_BACK = "rolled_back"  # a file in a rolled-back set
SET_ID = re.compile(r"\d{8}T\d{12}Z-[\w-]+")
ID_TIME = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True)
class Place:
    """A folder of published sets; it need not exist yet."""

    root: Path

    @property
    def sets_folder(self) -> Path:
        return self.root / "sets"

    @property
    def current(self) -> Path | None:
        """The folder of the current set; None if nothing is published."""
        folder = (self.root / "current").resolve()
        return folder if folder.parent == self.sets_folder.resolve() and folder.is_dir() else None

    def sets(self) -> list[Path]:
        """The folders of all complete sets, oldest first."""
        folder = self.sets_folder.resolve()
        found = folder.iterdir() if folder.is_dir() else ()
        return sorted(path for path in found if SET_ID.fullmatch(path.name))


def published_place(target: Warehouse, has_personal_data: bool = True) -> Place:
    root = target.published
    return Place(root if has_personal_data else root / WITHOUT_PERSONAL_DATA)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a set, or of `published/` itself; empty if missing."""
    try:
        return json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def lasting_vars(manifest: dict[str, Any]) -> dict[str, Any]:
    """The dbt variables of a set, without those that are given for one run only."""
    given = manifest.get("vars") or {}
    return {name: value for name, value in given.items() if name not in FOR_ONE_RUN}


def is_rolled_back(folder: Path) -> bool:
    return (folder / ROLLED_BACK).exists()


def is_newest_current(target: Warehouse) -> bool:
    """Whether the published set is that of the last build: not after a rollback or a kill, nor for
    the plain files of an earlier version."""
    place = published_place(target)
    sets, current = place.sets(), place.current
    return bool(sets) and current == sets[-1] and not is_rolled_back(sets[-1])


def begin_set(place: Place, run_id: str) -> Path:
    """An empty folder for a set, `sets/<set id>.unfinished`, younger than every other set."""
    moment = datetime.now(UTC).replace(tzinfo=None)
    if sets := place.sets():  # the clock may have been set back
        newest = datetime.strptime(sets[-1].name.partition("-")[0], ID_TIME)
        moment = max(moment, newest + timedelta(microseconds=1))
    folder = place.sets_folder / f"{moment.strftime(ID_TIME)}-{run_id[:8]}{UNFINISHED}"
    folder.mkdir(parents=True)
    return folder


def finish_set(unfinished: Path) -> Path:
    """Rename a written set once it is on disk; return the folder."""
    for path in [*unfinished.rglob("*"), unfinished]:
        sync(path)
    folder = unfinished.with_name(unfinished.name.removesuffix(UNFINISHED))
    os.replace(unfinished, folder)
    sync(folder.parent)
    return folder


def switch(place: Place, folder: Path) -> None:
    """Switch to a set atomically."""
    if before := place.current:
        os.utime(before)  # readers may still be opening it: see prune
    with _links_are_needed(place):
        _link(place.root / "current", Path("sets") / folder.name)
    _make_links(place)


def prepare(place: Place) -> None:
    """Prepare a place for the next set. Only while no other publish runs. Raises InputError, before
    anything is written, if symbolic links are not supported."""
    for folder in (place.root, place.sets_folder):
        for path in folder.glob(f"*{UNFINISHED}*"):
            remove(path)
    take_over(place)
    place.sets_folder.mkdir(parents=True, exist_ok=True)
    _make_links(place)


def take_over(place: Place) -> None:
    """Make a set from the plain files of an earlier version. Safe to kill and repeat: marts.duckdb
    becomes a link last."""
    marts = place.root / "marts.duckdb"
    if marts.is_symlink() or not marts.exists():
        return
    manifest = read_manifest(place.root)
    moment = datetime.fromtimestamp(marts.stat().st_mtime, UTC)
    with suppress(KeyError, TypeError, ValueError):
        moment = datetime.fromisoformat(manifest["published_at"]).astimezone(UTC)
    run_id = str(manifest.get("run_id") or "earlier")[:8]
    folder = place.sets_folder / f"{moment.strftime(ID_TIME)}-{run_id}"
    if not folder.exists():
        unfinished = folder.with_name(folder.name + UNFINISHED)
        unfinished.mkdir(parents=True)
        for name in LINKS:
            if (place.root / name).is_file():
                shutil.copy2(place.root / name, unfinished / name)
        finish_set(unfinished)
    switch(place, folder)


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a set except its manifest, by path within the set."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    names = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: sha256_of(path) for name, path in names.items() if name != "manifest.json"}


def file_faults(folder: Path, manifest: dict[str, Any]) -> list[str]:
    found = checksums(folder)
    return [
        f"{name} {'has changed' if name in found else 'is missing'}"
        for name, checksum in manifest.get("files", {}).items()
        if found.get(name) != checksum
    ]


def _make_links(place: Place) -> None:
    """Create the links through `current`, possibly still broken."""
    with _links_are_needed(place):
        for name in LINKS:
            path = place.root / name
            if not path.is_symlink():
                _link(path, Path("current") / name)


@contextmanager
def _links_are_needed(place: Place) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(
            f"{shown(place.root)} cannot be switched to a new set ({error}); it needs a file "
            "system with symbolic links: move WAREHOUSE_DIR to one."
        ) from error


def _link(path: Path, to: Path) -> None:
    unfinished = path.with_name(path.name + UNFINISHED)
    unfinished.unlink(missing_ok=True)
    unfinished.symlink_to(to)
    os.replace(unfinished, path)
    sync(path.parent)


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def sync(path: Path) -> None:
    """Wait until a file, or the entries of a folder, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
