"""One run at a time in a warehouse folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from pipelines.settings import InputError, Warehouse, shown


@contextmanager
def only_run(target: Warehouse) -> Iterator[None]:
    """Holds the warehouse for this run. Raises InputError when another run has it.

    The operating system frees the lock of a run that is killed.
    """
    target.root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(target.lock, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise InputError(
            f"another run works in {shown(target.root)}; wait until it has ended, then run again."
        ) from None
    try:
        yield
    finally:
        lock.release()
