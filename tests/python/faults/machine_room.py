"""Starts commands of the project in processes that can be killed, and looks at what they leave."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import duckdb
import psutil
import pytest

from pipelines.settings import PROJECT, Warehouse

IS_WHOLE = os.environ.get("FAULTS") == "whole"
only_whole = pytest.mark.skipif(not IS_WHOLE, reason="make faults")
LEFT = ("*.unfinished*", "*.wal", "*.tmp", "dlt/staging/*/*", "spool/*/*/*")


def few(whole: int, few_ones: int) -> int:
    """The tries of the whole suite, of a share of it (FAULT_SHARE=0.3), or of CI."""
    share = float(os.environ.get("FAULT_SHARE") or 1)
    return max(few_ones, round(whole * share)) if IS_WHOLE else few_ones


@dataclass
class Ended:
    code: int
    output: str
    seconds: float


@dataclass
class Room:
    """Commands on one warehouse; `given`: environment variables of every command."""

    target: Warehouse
    given: dict[str, str] = field(default_factory=dict)

    def start(self, *words: str, **others: object) -> subprocess.Popen[str]:
        """A command in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "pipelines", *words],
            cwd=PROJECT,
            env=os.environ | {"WAREHOUSE_DIR": str(self.target.root)} | self.given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            **others,
        )

    def run(self, *words: str, **others: object) -> Ended:
        started = time.monotonic()
        process = self.start(*words, **others)
        output, _ = process.communicate(timeout=600)
        return Ended(process.returncode, output, time.monotonic() - started)

    def kill(self, *words: str, after: float, group: bool = True) -> bool:
        """kill -9 of the group, or of the parent alone, after some seconds; whether it still ran.
        What the parent leaves must end by itself."""
        process = self.start(*words)
        # its output is read: a full pipe would stop it
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=after)
            return False
        family = [process.pid, *(child.pid for child in children(process.pid))]
        if group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            os.kill(process.pid, signal.SIGKILL)
        process.wait()
        end = time.monotonic() + 20
        while living := [pid for pid in family if psutil.pid_exists(pid)]:
            assert time.monotonic() < end, f"{living} live on after their parent"
            time.sleep(0.05)
        process.communicate()
        return True

    def left_overs(self) -> list[str]:
        """Files and tables that no finished command leaves."""
        root = self.target.root
        found = [str(path.relative_to(root)) for form in LEFT for path in root.rglob(form)]
        for file in root.glob("*.duckdb"):
            with duckdb.connect(str(file), read_only=True) as con:
                tables = con.execute("select table_name from duckdb_tables()").fetchall()
            found += [name for (name,) in tables if "__dbt_" in name or "_staging" in name]
        return found


def children(pid: int) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).children(recursive=True)
    return []


def moments(count: int, seconds: float, seed: int = 12) -> list[float]:
    """Random moments of a command that takes so long, spread over its whole time."""
    dice = random.Random(seed)
    return [seconds * (number + dice.random()) / count for number in range(count)]


class Reader:
    """Reads again and again in a thread while something is injured; `faults`: what it met."""

    def __init__(self, read: Callable[[], object]) -> None:
        import threading

        self.read, self.count, self.faults = read, 0, []
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self._loop)

    def _loop(self) -> None:
        while not self.is_over.wait(0.02):
            try:
                self.read()
                self.count += 1
            except Exception as error:
                self.faults.append(repr(error))

    def __enter__(self) -> Reader:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.thread.join()


def one_sentence(ended: Ended, *parts: str) -> None:
    """Exit code 2, no traceback, one ERROR that has the parts (in any letters)."""
    assert "Traceback" not in ended.output, ended.output[-3000:]
    assert ended.code == 2, (ended.code, ended.output[-3000:])
    errors = [line for line in ended.output.splitlines() if "ERROR" in line]
    assert errors, ended.output[-3000:]
    for part in parts:
        assert part.lower() in " ".join(errors).lower(), (part, errors)
