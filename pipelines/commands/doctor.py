"""Shows what is configured, what is missing and how fresh each source is."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from pipelines.commands.options import console
from pipelines.console import table_of
from pipelines.duck import records_of, sql
from pipelines.load.live import probe_sources
from pipelines.notify.recipients import recipient_services
from pipelines.publish.sets import read_manifest
from pipelines.settings import FIELD_MAP_SEEDS, HOME, Warehouse, shown, warehouse
from pipelines.sources.base import configured_instances
from pipelines.sources.tables import RESOURCES, SOURCES

SECRETS = HOME / ".dlt" / "secrets.toml"


@click.command()
@click.option("--connect", is_flag=True, help="Also test the credentials of every API.")
def command(connect: bool) -> None:
    """What is configured, what is missing, how fresh each source is."""
    print_doctor(warehouse(), console())
    if connect:
        sys.exit(0 if connect_check() else 1)


def connect_check() -> bool:
    outcomes = probe_sources()
    for outcome in outcomes:
        click.echo(f"{outcome.outcome:8}{outcome.title}: {outcome.message}")
    return not any(outcome.is_failure for outcome in outcomes)


def print_doctor(target: Warehouse, console: Console) -> None:
    for name, text in (
        ("Warehouse", shown(target.root)),
        ("Raw tables", _size(target.raw)),
        ("Build", _size(target.marts)),
        ("Field map", _field_map(target)),
        ("Published", _published(target)),
        ("APIs", _apis()),
        ("Alerts", _alerts()),
    ):
        console.print(f"{name:10} {text}", highlight=False, markup=False)
    if SECRETS.exists() and SECRETS.stat().st_mode & 0o007:
        text = f"{shown(SECRETS)} can be read by others: chmod 600 {shown(SECRETS)}"
        console.print(f"Secrets    {text}", style="bold yellow", highlight=False)
    console.print()
    _print_sources(target, console)
    _print_guard(target, console)
    _print_stores_without_keys(target, console)


def _size(path: Path) -> str:
    if not path.exists():
        return f"{path.name} is missing; run `make run`"
    state = path.stat()
    changed = datetime.fromtimestamp(state.st_mtime, UTC)
    return f"{path.name}, {state.st_size / 1e6:,.1f} MB, changed {changed:%Y-%m-%d %H:%M} UTC"


def _field_map(target: Warehouse) -> str:
    own = target.field_map
    if own.exists():
        return f"{shown(own)} (of the last run with FIELD_MAP=)"
    return f"{shown(FIELD_MAP_SEEDS)} (the project's; your own: make run FIELD_MAP=<folder>)"


def _published(target: Warehouse) -> str:
    manifest = read_manifest(target.published)
    if not manifest:
        return "nothing yet; run `make run`"
    return f"{manifest['published_at']}, as of {manifest['as_of']}, run {manifest['run_id']}"


def _apis() -> str:
    configured = [
        f"{source} ({', '.join(instance.name for instance in instances)})"
        for source in SOURCES
        if (instances := configured_instances(source))
    ]
    return ", ".join(configured) or "none configured (see .dlt/secrets.example.toml)"


def _alerts() -> str:
    """How many recipients are configured, by service; their addresses are secrets."""
    services = recipient_services()
    if not services:
        return "no recipient configured (see docs/alerts.md)"
    return f"{len(services)} recipients ({', '.join(services)})"


def _print_sources(target: Warehouse, console: Console) -> None:
    loads = _rows(target.raw, "last_loads")
    columns = ("source", "instance", "resource", "rows", "age", "last load", "remark")
    table = table_of(*columns, numbers="rows, age")
    for source, instance, resource, outcome, rows, extracted_at, message in loads:
        remark = message if outcome in ("failed", "kept_old") else ""
        table.add_row(
            *(source, instance, resource, f"{rows:,}", _age(extracted_at), outcome),
            Text(remark or ""),
        )
    hint = "Nothing is loaded yet; run `make run`, or for APIs `python -m pipelines load all`."
    console.print(table if loads else hint)
    loaded = {(source, resource) for source, _, resource, *_ in loads}
    for source in SOURCES:
        names = [one.name for one in RESOURCES if one.source == source]
        missing = [name for name in names if (source, name) not in loaded]
        if len(missing) == len(names):
            state = "nothing loaded yet" if configured_instances(source) else "not configured"
            console.print(f"{source}: {state}", style="dim")
        elif missing:
            console.print(f"{source}: nothing loaded of {', '.join(missing)}", style="dim")


def _print_guard(target: Warehouse, console: Console) -> None:
    for entity, source, state, rows, reason in _rows(target.marts, "guard"):
        style = "green" if state == "ok" else "bold yellow"
        console.print(
            f"Customer master of {entity} ({source}): [{style}]{state}[/{style}], {rows:,} rows"
            + (f"; {reason}" if reason else ""),
            highlight=False,
        )


def _print_stores_without_keys(target: Warehouse, console: Console) -> None:
    """Stores whose orders lack values of a key: it cannot match their customers."""
    for store, finding, remedy in _rows(target.marts, "stores_without_keys"):
        console.print(f"{store}[bold yellow]{finding}[/bold yellow]{remedy}", highlight=False)


def _rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    """Rows of a database; none when it, or the table, is not there yet."""
    return [tuple(row.values()) for row in records_of(path, sql(f"commands/sql/{query}.sql"))]


def _age(moment: datetime | None) -> str:
    if moment is None:
        return "–"
    age = datetime.now(UTC).replace(tzinfo=None) - moment
    hours = age / timedelta(hours=1)
    return f"{hours:.0f} h" if hours < 72 else f"{hours / 24:.0f} d"
