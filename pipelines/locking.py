"""One run, and one sender of alerts, at a time in a warehouse folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipelines.settings import InputError, Warehouse, shown


@contextmanager
def only_run(target: Warehouse) -> Iterator[None]:
    """Lock the warehouse for this run; the system releases the lock of a killed one. Raises
    InputError."""
    with _only("another run is in progress", target.root, target.lock):
        yield


@contextmanager
def only_notify(target: Warehouse) -> Iterator[None]:
    """Lock the outbox of the alerts, so that nothing is sent twice. Raises InputError."""
    with _only("another notify is in progress", target.notify, target.notify / ".lock"):
        yield


@contextmanager
def _only(who: str, folder: Path, path: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise InputError(
            f"{who} in {shown(folder)}; wait until it has ended, then run again."
        ) from None
    try:
        yield
    finally:
        lock.release()
