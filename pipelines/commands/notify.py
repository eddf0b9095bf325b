"""The command `notify`."""

import sys

import click

from pipelines.commands.options import console
from pipelines.notify.send import preview_alerts, send_alerts, send_test
from pipelines.settings import InputError, warehouse


@click.command()
@click.option("--dry-run", is_flag=True, help="Print what would be sent, without sending.")
@click.option("--test", "is_test", is_flag=True, help="Send a test message to each recipient.")
def command(dry_run: bool, is_test: bool) -> None:
    """Post cards that changed state to Teams, Slack, mail or a webhook (docs/alerts.md)."""
    if dry_run and is_test:
        raise InputError("--dry-run and --test exclude each other; give one of them.")
    if dry_run:
        preview_alerts(warehouse(), console())
        return
    is_ok = send_test(console()) if is_test else send_alerts(warehouse(), console())
    sys.exit(0 if is_ok else 1)
