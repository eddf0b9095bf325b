"""The command line: python -m pipelines run | daily | load | publish | report | notify | ….

Exit codes: 0 success, 1 a model or test failed and nothing was published, or an alert was not
delivered, 2 invalid input or configuration, 3 (daily) published but the page or the alerts failed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from pipelines.commands.backfill import backfill
from pipelines.commands.daily import daily
from pipelines.commands.export import export
from pipelines.commands.gate import gate
from pipelines.commands.live import LIVE_COMMANDS
from pipelines.commands.publish import publish
from pipelines.settings import (
    SAMPLE_AS_OF,
    SAMPLE_EXTRACTS,
    BuildError,
    InputError,
    shown,
    warehouse,
    warehouse_for,
)

FOLDER = click.Path(path_type=Path)


def console() -> Console:
    """Standard output; without a terminal as wide as the table needs."""
    out = Console(soft_wrap=True)
    return out if out.is_terminal else Console(soft_wrap=True, width=200)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Commerce customers missing from Dynamics 365: load, build, publish, report."""


@main.command()
@click.option("--extracts", type=FOLDER, help="Folder of extract files (default: the sample).")
@click.option("--as-of", help="As-of date or instant (default: now; the sample: its date).")
@click.option("--field-map", type=FOLDER, help="Folder with your field_map_*.csv.")
@click.option(
    "--vars", "vars_text", help="dbt variables as YAML, e.g. '{max_subjects_per_key: 9}'."
)
def run(
    extracts: Path | None, as_of: str | None, field_map: Path | None, vars_text: str | None
) -> None:
    """Load, dbt build, publish, print the cards; a second run rebuilds only what changed."""
    from pipelines.as_of import check_as_of
    from pipelines.commands.run import parse_vars
    from pipelines.commands.run import run as run_all
    from pipelines.commands.steps import RunRequest
    from pipelines.locking import only_run

    folder = (extracts or SAMPLE_EXTRACTS).resolve()
    dbt_vars = parse_vars(vars_text)
    as_of = check_as_of(as_of, dbt_vars) or (None if extracts else SAMPLE_AS_OF)
    target = warehouse_for(folder)
    request = RunRequest(target, folder, as_of, field_map, dbt_vars)
    with only_run(target):
        is_ok = run_all(request, console())
    sys.exit(0 if is_ok else 2)


@main.group()
def load() -> None:
    """Fill the raw tables."""


@load.command("extracts")
@click.argument("folder", type=FOLDER)
def load_extract_files(folder: Path) -> None:
    """Load <folder>/<source>/<instance>/<resource>.{jsonl,csv,parquet} (also .gz and parts)."""
    from pipelines.load.batches import load_extracts
    from pipelines.load.summary import print_load
    from pipelines.locking import only_run
    from pipelines.publish.memory import remember

    folder = folder.resolve()
    target, out = warehouse_for(folder), console()
    with only_run(target):
        remember(target)
        report = load_extracts(target, folder, out)
    print_load(report, out)
    out.print(f"Raw tables: {shown(target.raw)}", highlight=False)
    sys.exit(0 if report.is_ok else 2)


for command in LIVE_COMMANDS:
    load.add_command(command)


@main.command()
def cards() -> None:
    """Print the published card values."""
    from pipelines.publish.cards import print_cards

    print_cards(warehouse(), console())


@main.command()
@click.option("--without-personal-data", is_flag=True, help="For the set without personal data.")
def report(without_personal_data: bool) -> None:
    """Write the page of cards and worklist next to the published file."""
    from pipelines.report import write_report

    page = write_report(warehouse(), has_personal_data=not without_personal_data)
    click.echo(f"{shown(page)}: {page.stat().st_size / 1e6:,.1f} MB, opens without a network")


@main.command()
@click.option("--dry-run", is_flag=True, help="Print what would be sent, without sending.")
@click.option("--test", "is_test", is_flag=True, help="Send a test message to each recipient.")
def notify(dry_run: bool, is_test: bool) -> None:
    """Post cards that changed state to Teams, Slack, mail or a webhook (docs/alerts.md)."""
    from pipelines.notify.send import preview_alerts, send_alerts, send_test

    if dry_run and is_test:
        raise InputError("--dry-run and --test exclude each other; give one of them.")
    if dry_run:
        preview_alerts(warehouse(), console())
        return
    is_ok = send_test(console()) if is_test else send_alerts(warehouse(), console())
    sys.exit(0 if is_ok else 1)


@main.command()
@click.option("--connect", is_flag=True, help="Also test the credentials of every API.")
def doctor(connect: bool) -> None:
    """What is configured, what is missing, how fresh each source is."""
    from pipelines.commands.doctor import print_doctor

    print_doctor(warehouse(), console())
    if connect:
        from pipelines.commands.live import connect_check

        sys.exit(0 if connect_check() else 1)


main.add_command(backfill)
main.add_command(daily)
main.add_command(export)
main.add_command(gate)
main.add_command(publish)


def cli() -> None:
    """Run a command; print an error as one message on standard error."""
    try:
        main()
    except InputError as error:
        click.echo(f"ERROR {error}", err=True)
        sys.exit(2)
    except BuildError as error:
        click.echo(f"ERROR {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    cli()
