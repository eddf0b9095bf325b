"""Speed as ratios within one run: `make bench` (about three minutes on two cores).

1. Load: Shopify orders from a JSON Lines file into the raw layer, against the floor: DuckDB's bare
   `read_json` with declared columns into a table. Ratio = load time ÷ floor time.
2. Build: the same look-back with 1× and with 10× as much history behind it. Ratio = build time with
   the long history ÷ build time with the short one; near 1 when the cost follows the window.

Nothing here is a test: times depend on the machine, the ratios much less.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import duckdb
from rich.console import Console
from rich.table import Table

from pipelines import raw
from pipelines.load import load_extracts
from pipelines.settings import PROJECT, Warehouse

AS_OF = "2026-04-12"
LOOK_BACK_SECONDS = 36 * 86_400
ORDER_SQL = (PROJECT / "bench" / "orders.sql").read_text(encoding="utf-8")
MASTER_SQL = (PROJECT / "bench" / "masters.sql").read_text(encoding="utf-8")
CONSOLE = Console()


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def write_orders(path: Path, count: int) -> None:
    """Writes `count` Shopify order nodes as JSON Lines."""
    with duckdb.connect() as con:
        con.execute(f"create table orders as {ORDER_SQL}", {"count": count, "seconds": 7})
        lines = con.execute("select node from orders").fetchall()
    path.write_text("\n".join(line for (line,) in lines) + "\n", encoding="utf-8")


def read_json_floor(path: Path, database: Path) -> None:
    """The bare reading of the same file: declared columns, text and JSON, one table."""
    fields = list(json.loads(path.open(encoding="utf-8").readline()))
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in fields)
    with duckdb.connect(str(database)) as con:
        con.execute(
            f"create table orders as select * from read_json('{path}', "
            f"format = 'newline_delimited', columns = {{{columns}}})"
        )


def bench_load(folder: Path, count: int) -> tuple[str, float, float]:
    """(title, seconds of the load, seconds of the floor)."""
    extracts = folder / "extracts" / "shopify" / "dtc-us"
    extracts.mkdir(parents=True)
    write_orders(extracts / "orders.jsonl", count)
    floor = timed(lambda: read_json_floor(extracts / "orders.jsonl", folder / "floor.duckdb"))
    warehouse = Warehouse(folder / "load")
    warehouse.root.mkdir()
    quiet = Console(quiet=True)
    load = timed(lambda: load_extracts(warehouse, folder / "extracts", quiet))
    return f"load {count:,} orders ÷ bare read_json", load, floor


def fill_raw(warehouse: Warehouse, orders: int, history: int) -> None:
    """Raw tables with `orders` in the look-back, `history` times as many before it, and masters."""
    warehouse.root.mkdir()
    with duckdb.connect(str(warehouse.raw)) as con:
        raw.create_tables(con)
        for statement in MASTER_SQL.split(";"):
            if statement.strip():
                con.execute(statement)
        con.execute(
            f"""
            insert into raw_shopify.orders by name
            select columns(order_row.* exclude (node)), 'dtc-us' as instance,
                'bench' as _source_file, row_number() over () as _record_number
            from ({ORDER_SQL}) as order_row
            """,
            {"count": orders * (1 + history), "seconds": LOOK_BACK_SECONDS // orders},
        )


def build(warehouse: Warehouse) -> None:
    """Builds all models, without tests; raises CalledProcessError when a model fails."""
    command = [sys.executable, "-W", "ignore", "-m", "dbt.cli.main", "build"]
    command += ["--exclude-resource-type", "test", "unit_test", "--vars", f"{{as_of: {AS_OF}}}"]
    command += ["--target-path", str(warehouse.target), "--log-path", str(warehouse.logs)]
    environment = os.environ | {"WAREHOUSE_DIR": str(warehouse.root)}
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, stdout=subprocess.DEVNULL)


def bench_build(folder: Path, orders: int) -> tuple[str, float, float]:
    """(title, seconds with the long history, seconds with the short one)."""
    seconds = {}
    for history in (1, 10):
        warehouse = Warehouse(folder / f"history_{history}")
        fill_raw(warehouse, orders, history)
        seconds[history] = timed(lambda warehouse=warehouse: build(warehouse))
    return f"build {orders:,} orders, 10× ÷ 1× history", seconds[10], seconds[1]


@click.command()
@click.option("--orders", default=100_000, show_default=True, help="Orders in file and look-back.")
def main(orders: int) -> None:
    """Measure load and build, and print the ratios."""
    table = Table("what", "seconds", "against", "ratio", title="bench")
    with tempfile.TemporaryDirectory() as name:
        for bench in (bench_load, bench_build):
            with CONSOLE.status(bench.__doc__):
                title, measured, against = bench(Path(name), orders)
            table.add_row(title, f"{measured:.1f}", f"{against:.1f}", f"{measured / against:.2f}")
    CONSOLE.print(table)


if __name__ == "__main__":
    main()
