"""Removes a person: `python -m pipelines forget <e-mail or customer id>` (docs/decisions/0033).

Rows that name the person are deleted from raw.duckdb, memory.duckdb and every kept set, which are
written again, so that no byte stays; other files that name the person are deleted. Each step may
be killed and repeated. `warehouse.duckdb` is deleted: the next run builds it again.
"""

import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import click
import duckdb

from pipelines.duck import literal, opening, records_of
from pipelines.locking import only_notify, only_run
from pipelines.notify.outbox import memory_path, read_memory, write_memory
from pipelines.publish.sets import UNFINISHED, checksums, published_place, sync
from pipelines.publish.write import STORAGE_VERSION
from pipelines.report import write_report
from pipelines.settings import InputError, Warehouse, shown, warehouse
from pipelines.sources.tables import BY_NAME

Marks, Orders = Sequence[str], Sequence[tuple[str, str, str]]
WRITTEN_AGAIN = {".duckdb", ".parquet", ".html", ".json", ".toml"}


def forget(target: Warehouse, who: str) -> Counter[str]:
    """Remove a person; what was removed by place. Raises InputError for another text."""
    who = who.strip().lower()
    if "@" not in who and len(who) != 32:
        raise InputError(f"{who!r} is neither an e-mail nor a customer id; see the worklist.")
    if not target.raw.exists():
        raise InputError(f"{shown(target.raw)} does not exist: nothing is loaded.")
    removed = Counter[str]()
    marks, orders = marks_of(target, who)
    _forget_rows(target.raw, marks, removed, orders)
    if target.memory.exists():
        _forget_rows(target.memory, marks, removed)
    _forget_alerts(target, marks, removed)
    target.marts.unlink(missing_ok=True)
    for path in target.root.rglob("*"):
        is_other = path.suffix not in WRITTEN_AGAIN or target.target in path.parents
        if is_other and path.is_file() and not path.is_symlink():
            text = path.read_bytes().lower()
            if any(mark.encode() in text for mark in marks):
                path.unlink()
                removed[f"files of {path.relative_to(target.root).parts[0]}"] += 1
    # the current set last: it says who the person is, also after a kill
    for place in (published_place(target, False), published_place(target)):
        for folder in sorted(place.sets(), key=lambda folder: folder == place.current):
            _forget_in_set(folder, marks, removed)
        if place.current:
            write_report(target, place == published_place(target))
    return removed


def marks_of(target: Warehouse, who: str) -> tuple[Marks, Orders]:
    """The texts that name the person alone, in small letters, and the orders (platform, instance,
    id). A customer with further e-mails is a company, of which only what has `who` is removed."""
    customer = f"customer_id = {literal(who)} or lower(emails) = {literal(who)}"
    found = records_of(
        target.published_marts,
        "select customer_id, emails, subject_ids from"
        f" worklist.dim_commerce_customers where {customer}",
    )
    ids = ", ".join(literal(row["customer_id"]) for row in found) or "''"
    orders = records_of(
        target.published_marts,
        "select platform, instance, platform_order_id from cards.fct_orders"
        f" where customer_id in ({ids})",
    )
    marks = {who}
    for row in found:
        texts = (row["customer_id"], row["emails"], row["subject_ids"])
        marks |= {one.strip().lower() for text in texts for one in (text or "").split(",")}
    marks -= {""}
    return sorted(marks | {quote(mark) for mark in marks}), [tuple(row.values()) for row in orders]


def _has(row: str, marks: Marks) -> str:
    text = f"lower({row}::varchar)"
    return " or ".join(f"contains({text}, {literal(mark)})" for mark in marks)


def _forget_rows(file: Path, marks: Marks, removed: Counter[str], orders: Orders = ()) -> None:
    """Delete rows and, as deleted rows stay in the file, write it again."""
    unfinished = file.with_name(file.name + UNFINISHED)
    for left in file.parent.glob(f"{unfinished.name}*"):
        left.unlink()
    with opening(file), duckdb.connect() as con:
        con.execute(f"attach {literal(str(file))} as old")
        con.execute(
            f"attach {literal(str(unfinished))} as new (storage_version '{STORAGE_VERSION}')"
        )
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'old'"
        ).fetchall()
        for schema, name in tables:
            found = f'from old."{schema}"."{name}" as t where {_has("t", marks)}'
            removed[shown(file)] += con.execute(f"delete {found}").fetchone()[0]
        for platform, instance, number in orders:
            resource = BY_NAME[platform, "orders"]
            found = f"from old.{resource.schema}.orders where instance = ? and "
            found += f"regexp_extract({resource.key_columns[0]}, '[^/]*$') = ?"
            removed[shown(file)] += con.execute(f"delete {found}", [instance, number]).fetchone()[0]
        con.execute("copy from database old to new")
    sync(unfinished)
    os.replace(unfinished, file)


def _forget_in_set(folder: Path, marks: Marks, removed: Counter[str]) -> None:
    marts = folder / "marts.duckdb"
    _forget_rows(marts, marks, removed)
    with duckdb.connect(str(marts), read_only=True) as con:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        for path in folder.glob("parquet/*/*.parquet"):
            table = f'"{path.parent.name}"."{path.stem}"'
            unfinished = path.with_name(path.name + UNFINISHED)
            con.execute(f"copy {table} to {literal(str(unfinished))} (format parquet)")
            os.replace(unfinished, path)
            counted = con.execute(f"select count(*) from {table}").fetchone()[0]
            manifest["row_counts"][f"{path.parent.name}.{path.stem}"] = counted
    (folder / "report.html").unlink(missing_ok=True)
    unfinished = folder / f"manifest.json{UNFINISHED}"
    unfinished.write_text(json.dumps(manifest | {"files": checksums(folder)}, indent=2), "utf-8")
    os.replace(unfinished, folder / "manifest.json")


def _forget_alerts(target: Warehouse, marks: Marks, removed: Counter[str]) -> None:
    if not memory_path(target).exists():
        return
    with only_notify(target):
        memory = read_memory(target)
        kept = [event for event in memory.outbox if not any(m in event.body.lower() for m in marks)]
        removed["messages not yet sent"] += len(memory.outbox) - len(kept)
        memory.outbox = kept
        write_memory(target, memory)


@click.command()
@click.argument("who")
def command(who: str) -> None:
    """Remove a person from the warehouse, the kept sets, exports and logs."""
    target = warehouse()
    with only_run(target):
        removed = forget(target, who)
    for place, count in sorted((+removed).items()):
        click.echo(f"{place}: {count} removed")
    click.echo(
        f"{sum(removed.values())} rows and files removed. What a source still delivers comes back:"
        " remove the person there, from the extract files and from onboarding_decisions.csv too,"
        " then run `make run`."
    )
