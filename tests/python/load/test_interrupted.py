"""kill -9 at any moment: the old rows stay readable, and the next run completes normally.

Each moment is a function of the load; a load in a child process kills itself there.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from extract_folder import Extracts

from pipelines.settings import PROJECT, Warehouse

# where (module, class or None, function) and whether before or after it
MOMENTS = {
    "while a file is read": ("pipelines.load.readers", None, "_line_batch", "before"),
    "while dlt extracts": ("dlt.pipeline.pipeline", "Pipeline", "extract", "after"),
    "before dlt normalises": ("dlt.pipeline.pipeline", "Pipeline", "normalize", "before"),
    "before dlt loads": ("dlt.pipeline.pipeline", "Pipeline", "_load", "before"),
    "after a staging table is filled": (
        "dlt.destinations.impl.duckdb.duck",
        "DuckDbCopyJob",
        "run",
        "after",
    ),
    "before a merge": ("dlt.destinations.job_client_impl", "SqlLoadJob", "run", "before"),
    "after a merge": ("dlt.destinations.job_client_impl", "SqlLoadJob", "run", "after"),
    "before the log": ("pipelines.load.raw", None, "write_log", "before"),
    "in the middle of the log": ("pipelines.load.raw", None, "insert", "after"),
    "after the log": ("pipelines.load.raw", None, "write_log", "after"),
}
KILLED = -9
SCRIPT = """
import importlib, os, signal, sys
from pathlib import Path
from rich.console import Console
from pipelines.load.batches import load_extracts
from pipelines.settings import Warehouse

module, owner, name, when, target, root = sys.argv[1:]
place = importlib.import_module(module)
place = getattr(place, owner) if owner else place
original = getattr(place, name)

def kill(*args, **kwargs):
    if when == "after":
        original(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(place, name, kill)
load_extracts(Warehouse(Path(target)), Path(root), Console(quiet=True))
"""
CONTENT = {
    "master": "select instance, customer_account, organization_name from raw_d365_fo.customers",
    "rates": "select rate_type_name, rate from raw_d365_fo.exchange_rates",
    "files": "select path, content_sha256, rows_read, rows_loaded from raw_load.files",
    "rejects": "select path, record_number, reason, value from raw_load.rejects",
    "loads": "select resource, outcome, rows_loaded, row_count from raw_load.resource_loads",
}


def write_day(extracts: Extracts, day: int) -> None:
    """Day 2 has another master (one customer less), a new rate and a faulty line."""
    customers = [
        {"dataAreaId": "ustr", "CustomerAccount": f"C{i + day}", "OnHoldStatus": "No"}
        for i in range(3)
    ]
    extracts.write("d365_fo/prod/customers.jsonl", customers)
    rates = [
        {**{"FromCurrency": "CAD", "ToCurrency": "USD", "Rate": 1}, "RateTypeName": f"R{i}"}
        | {"StartDate": "x"}
        for i in range(day)
    ]
    extracts.write("d365_fo/prod/exchange_rates.jsonl", rates)
    with open(extracts.root / "d365_fo/prod/exchange_rates.jsonl", "a") as file:
        file.write("faulty\n" * (day - 1))


def content(extracts: Extracts) -> dict[str, list[tuple[Any, ...]]]:
    return {name: sorted(map(str, extracts.rows(sql))) for name, sql in CONTENT.items()}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    """The result of two undisturbed loads."""
    folder = tmp_path_factory.mktemp("clean")
    extracts = Extracts(folder / "extracts", Warehouse(folder / "warehouse"))
    for day in (1, 2):
        write_day(extracts, day)
        extracts.load()
    return content(extracts)


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_killed_load(
    extracts: Extracts,
    clean: dict[str, list[tuple[Any, ...]]],
    moment: tuple[str, str | None, str, str],
) -> None:
    write_day(extracts, 1)
    extracts.load()
    old = content(extracts)["master"]
    write_day(extracts, 2)
    arguments = [part or "" for part in moment]
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            textwrap.dedent(SCRIPT),
            *arguments,
            str(extracts.target.root),
            str(extracts.root),
        ],
        cwd=PROJECT,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == KILLED, killed.stderr.decode()
    assert content(extracts)["master"] in (old, clean["master"])
    assert extracts.load().is_ok
    assert content(extracts) == clean
    assert not list(Path(extracts.target.dlt / "staging").glob("*/*"))


def test_every_merge_is_one_transaction(
    extracts: Extracts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A merge deletes and inserts; a kill in between must not leave an empty master."""
    from dlt.destinations.impl.duckdb.sql_client import DuckDbSqlClient
    from dlt.destinations.job_client_impl import SqlLoadJob

    begun: list[object] = []
    merges: list[bool] = []
    begin, run = DuckDbSqlClient.begin_transaction, SqlLoadJob.run

    def counted_begin(client: DuckDbSqlClient) -> object:
        begun.append(client)
        return begin(client)

    def watched_run(job: SqlLoadJob) -> None:
        run(job)
        merges.append(job._sql_client in begun)

    monkeypatch.setattr(DuckDbSqlClient, "begin_transaction", counted_begin)
    monkeypatch.setattr(SqlLoadJob, "run", watched_run)
    for day in (1, 2):  # the first rows of an instance replace none
        write_day(extracts, day)
        assert extracts.load().is_ok
    assert merges
    assert all(merges)
