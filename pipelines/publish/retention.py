"""Retention of published sets, and rollback."""

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
READER_SECONDS = 15 * 60  # time a reader has to open the files of a resolved set


def roll_back(place: Place) -> tuple[Path, Path]:
    """Roll back to the newest earlier set that was not rolled back itself: (from, to). Raises
    InputError if there is none, or if it is damaged."""
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
            f"{shown(place.root)} has no set before {current.name}, so there is nothing to roll "
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
    """Delete old sets and return them. Kept are the current set, the newest `keep`, as many
    rolled-back ones, and those that were current less than READER_SECONDS ago."""
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
        # a partial set never looks complete
        unfinished = folder.with_name(folder.name + UNFINISHED)
        os.replace(folder, unfinished)
        remove(unfinished)
    return gone


def sets_kept(keep: int | None) -> int:
    """Number of sets to keep: as given, else PUBLISHED_SETS_KEPT, else 5. Raises InputError."""
    text = str(keep) if keep is not None else os.environ.get("PUBLISHED_SETS_KEPT") or SETS_KEPT
    if not re.fullmatch(r"[1-9]\d*", str(text)):
        raise InputError(f"{text!r} published sets cannot be kept; give a whole number, 1 or more.")
    return int(text)
