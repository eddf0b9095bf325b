"""Cost of load and build as ratios: `make bench` (about ten minutes on two cores).

CPU and peak memory of fresh processes. Unit H = `by_hand.sql`: the headline as one query on the
same raw file, with the same count and value. For ratios in H, dbt's overhead (the same command on
empty raw tables) is subtracted. Times depend on the machine, ratios much less.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import duckdb
from rich.console import Console
from rich.table import Table

from pipelines.load import raw
from pipelines.publish.cards import HEADLINE
from pipelines.publish.memory import remember
from pipelines.settings import PROJECT, Warehouse

AS_OF = "2026-04-12"
LOOK_BACK_SECONDS = 36 * 86_400
BENCH = PROJECT / "bench"
ORDER_SQL = (BENCH / "orders.sql").read_text(encoding="utf-8")
MASTER_SQL = (BENCH / "masters.sql").read_text(encoding="utf-8")
CONSOLE = Console()
MODELS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
HEADLINE_MODELS = ("--select", f"+path:models/marts/cards/card_{HEADLINE}.sql")
# a small process in between: Linux counts the memory of the one that starts a process as its own
MEASURED = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[2:])
_, status, used = os.wait4(child.pid, 0)
with open(sys.argv[1], "w") as file:
    file.write(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss / 1024}")
sys.exit(os.waitstatus_to_exitcode(status))
"""
BY_HAND = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
print(con.execute(open(sys.argv[2], encoding="utf-8").read()).fetchone())
"""
WRITE_JSON = """
import sys, duckdb
con = duckdb.connect()
con.execute(f"create table orders as {open(sys.argv[1], encoding='utf-8').read()}",
            {"count": int(sys.argv[3]), "seconds": 7})
con.execute(f"copy (select node from orders) to '{sys.argv[2]}' "
            "(format csv, header false, quote '', escape '', delimiter '\x01')")
"""
READ_JSON = """
import sys, duckdb
con = duckdb.connect(sys.argv[2])
con.execute("create table orders as select * from read_json(?, format = 'newline_delimited', "
            f"columns = {sys.argv[3]})", [sys.argv[1]])
"""


@dataclass(frozen=True)
class Cost:
    """CPU seconds of a process and its children, peak memory of the largest in MB."""

    cpu: float
    memory: float
    output: str


def cost_of(command: Sequence[str], environment: dict[str, str] | None = None) -> Cost:
    """Runs a command in a fresh process. Raises CalledProcessError when it fails."""
    with tempfile.NamedTemporaryFile("r") as used:
        output = subprocess.run(
            [sys.executable, "-c", MEASURED, used.name, sys.executable, *command],
            cwd=PROJECT,
            env=os.environ | (environment or {}),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
        cpu, memory = map(float, used.read().split())
    return Cost(cpu, memory, output)


def write_orders(path: Path, count: int) -> None:
    """Writes `count` Shopify order nodes as JSON Lines."""
    cost_of(["-c", WRITE_JSON, str(BENCH / "orders.sql"), str(path), str(count)])


def fill_raw(warehouse: Warehouse, orders: int, history: int) -> None:
    """Fill raw with masters, `orders` in the look-back and `history` times as many before it."""
    warehouse.root.mkdir()
    remember(warehouse)
    with duckdb.connect(str(warehouse.raw)) as con:
        raw.create_tables(con)
        if orders == 0:
            return
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


def dbt_build(warehouse: Warehouse, *arguments: str) -> Cost:
    """`dbt build` of models and seeds, already parsed, in a fresh process."""
    command = ["-W", "ignore", "-m", "dbt.cli.main", "--quiet", "build", *arguments, *MODELS]
    command += ["--target-path", str(warehouse.target), "--log-path", str(warehouse.logs)]
    environment = {"WAREHOUSE_DIR": str(warehouse.root), "DBT_ENV_CUSTOM_ENV_AS_OF": AS_OF}
    return cost_of(command, environment)


def headline_of(warehouse: Warehouse) -> tuple[object, ...]:
    with duckdb.connect(str(warehouse.marts), read_only=True) as con:
        card = f'cards."card_{HEADLINE}"'
        return con.execute(f"select count(*), sum(blocked_value_reporting) from {card}").fetchone()


def by_hand(warehouse: Warehouse) -> Cost:
    """Unit H, the median of three; exits if its result differs from the project's."""
    command = ["-c", BY_HAND, str(warehouse.raw), str(BENCH / "by_hand.sql")]
    costs = sorted((cost_of(command) for _ in range(3)), key=lambda cost: cost.cpu)
    expected = headline_of(warehouse)
    if costs[1].output.strip() != repr(expected):
        raise SystemExit(f"by_hand.sql gives {costs[1].output.strip()}, the project {expected}")
    return costs[1]


def bench_builds(folder: Path, orders: int) -> list[tuple[str, str, str]]:
    """Rows (what, measured, ratio) for the builds."""
    empty, short, long = (Warehouse(folder / name) for name in ("empty", "short", "long"))
    for warehouse, count, history in ((empty, 0, 0), (short, orders, 1), (long, orders, 10)):
        fill_raw(warehouse, count, history)
        dbt_build(warehouse, "--empty")  # parses
        warehouse.marts.unlink()
    own_headline, own = dbt_build(empty, *HEADLINE_MODELS), dbt_build(empty)
    headline = dbt_build(short, *HEADLINE_MODELS)
    unit = by_hand(short)
    short.marts.unlink()
    whole, with_history = dbt_build(short), dbt_build(long)
    ratio = short.marts.stat().st_size / short.raw.stat().st_size
    return [
        ("unit H: headline as one query", f"{unit.cpu:.2f} s", "1 H"),
        ("headline models", f"{headline.cpu:.1f} s", in_units(headline, own_headline, unit)),
        ("all models, no tests", f"{whole.cpu:.1f} s", in_units(whole, own, unit)),
        ("dbt overhead", f"{own.cpu:.1f} s", "–"),
        ("peak memory of the build", f"{whole.memory:.0f} MB", "–"),
        (
            "warehouse file ÷ raw file",
            f"{short.marts.stat().st_size / 2**20:.0f} MB",
            f"{ratio:.1f}",
        ),
        ("history × 10", f"{with_history.cpu:.1f} s", f"{with_history.cpu / whole.cpu:.2f}"),
    ]


def in_units(cost: Cost, own: Cost, unit: Cost) -> str:
    return f"{(cost.cpu - own.cpu) / unit.cpu:.0f} H"


def bench_load(folder: Path, count: int) -> list[tuple[str, str, str]]:
    """Rows for the load, relative to DuckDB's read_json of the same file into one table."""
    path = folder / "extracts" / "shopify" / "dtc-us" / "orders.jsonl"
    path.parent.mkdir(parents=True)
    write_orders(path, count)
    with path.open(encoding="utf-8") as file:
        columns = dict.fromkeys(json.loads(file.readline()), "VARCHAR")
    floor = cost_of(["-c", READ_JSON, str(path), str(folder / "floor.duckdb"), repr(columns)])
    environment = {"WAREHOUSE_DIR": str(folder / "load")}
    extracts = str(folder / "extracts")
    load = cost_of(["-m", "pipelines", "load", "extracts", extracts], environment)
    return [
        (
            f"load of {count:,} Shopify orders ÷ read_json",
            f"{load.cpu:.1f} s",
            f"{load.cpu / floor.cpu:.1f}",
        ),
        ("peak memory of the load", f"{load.memory:.0f} MB", "–"),
    ]


@click.command()
@click.option("--orders", default=200_000, show_default=True, help="Orders in file and look-back.")
def main(orders: int) -> None:
    """Measure builds and load; print costs and ratios."""
    table = Table("what", "measured", "ratio", title=f"bench, {orders:,} orders, CPU time")
    with tempfile.TemporaryDirectory() as name:
        for bench in (bench_builds, bench_load):
            with CONSOLE.status(bench.__doc__ or ""):
                for row in bench(Path(name), orders):
                    table.add_row(*row)
    CONSOLE.print(table)


if __name__ == "__main__":
    main()
