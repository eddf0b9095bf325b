"""One run, and one sender of alerts, at a time in a warehouse folder."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from pipelines.settings import InputError, Warehouse, shown, umask


def only_run(target: Warehouse) -> AbstractContextManager[None]:
    """Lock the warehouse; the system releases the lock of a killed run. Raises InputError."""
    return _only("another run is in progress", target.root, target.lock)


def only_notify(target: Warehouse) -> AbstractContextManager[None]:
    """Lock the outbox of the alerts, so that nothing is sent twice. Raises InputError."""
    return _only("another notify is in progress", target.notify, target.notify / ".lock")


@contextmanager
def _only(who: str, folder: Path, path: Path) -> Iterator[None]:
    if "'" in str(folder):  # dlt puts it into SQL as it is
        raise InputError(f"{folder} has a quote in its path; set WAREHOUSE_DIR to another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "raw.duckdb").exists():  # a folder of an earlier version was open to everyone
        with suppress(OSError):
            folder.chmod(folder.stat().st_mode & ~umask())
    try:
        lock = FileLock(path, timeout=0).acquire()
    except Timeout:
        raise InputError(
            f"{who} in {shown(folder)}; wait until it has ended, then run again."
        ) from None
    with lock:
        yield
