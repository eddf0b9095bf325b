"""The command `report`."""

import click

from pipelines.report import write_report
from pipelines.settings import shown, warehouse


@click.command()
@click.option("--without-personal-data", is_flag=True, help="For the set without personal data.")
def command(without_personal_data: bool) -> None:
    """Write the page of cards and worklist next to the published file."""
    page = write_report(warehouse(), has_personal_data=not without_personal_data)
    click.echo(f"{shown(page)}: {page.stat().st_size / 1e6:,.1f} MB, opens without a network")
