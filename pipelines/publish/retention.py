"""How long published sets stay, and the way back to the one before."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from pipelines.publish.sets import (
    ROLLED_BACK,
    UNFINISHED,
    Place,
    file_faults,
    is_rolled_back,
    read_manifest,
    remove,
    switch,
)
from pipelines.settings import InputError, shown

SETS_KEPT = 5
READER_SECONDS = 15 * 60  # so long may a reader take to open the files of a set it has resolved


def roll_back(place: Place) -> tuple[Path, Path]:
    """Goes to the newest set before the current one that no rollback has left: (from, to).

    Raises InputError when there is none, or when it is damaged.
    """
    current = place.current
    if current is None:
        raise InputError(f"{shown(place.root)}: nothing is published; run `make run`.")
    earlier = [
        folder
        for folder in place.sets()
        if folder.name < current.name and not is_rolled_back(folder)
    ]
    if not earlier:
        raise InputError(
            f"{shown(place.root)} holds no set before {current.name}, so there is nothing to go "
            "back to; `python -m pipelines publish --list` shows the sets."
        )
    if faults := file_faults(earlier[-1], read_manifest(earlier[-1])):
        raise InputError(
            f"{shown(earlier[-1])} is damaged ({faults[0]}): nothing changed. Remove that folder "
            "and roll back again."
        )
    (current / ROLLED_BACK).touch()
    switch(place, earlier[-1])
    return current, earlier[-1]


def prune(place: Place, keep: int) -> list[Path]:
    """Deletes old sets; returns what is gone.

    Stay: the current set, the newest `keep` sets, as many that a rollback has left, and a set that
    was current less than READER_SECONDS ago.
    """
    sets = place.sets()
    good = [folder for folder in sets if not is_rolled_back(folder)]
    left = [folder for folder in sets if is_rolled_back(folder)]
    kept = {place.current, *good[-keep:], *left[-keep:]}
    gone = [
        folder
        for folder in sets
        if folder not in kept and time.time() - folder.stat().st_mtime > READER_SECONDS
    ]
    for folder in gone:
        unfinished = folder.with_name(folder.name + UNFINISHED)  # half a set never looks whole
        os.replace(folder, unfinished)
        remove(unfinished)
    return gone


def sets_kept(keep: int | None) -> int:
    """How many sets to keep: as asked, else PUBLISHED_SETS_KEPT, else 5. Raises InputError."""
    text = str(keep) if keep is not None else os.environ.get("PUBLISHED_SETS_KEPT") or SETS_KEPT
    if not re.fullmatch(r"[1-9]\d*", str(text)):
        raise InputError(f"{text!r} published sets cannot be kept; write a whole number from 1 up.")
    return int(text)
