"""The command `cards`."""

import click

from pipelines.commands.options import console
from pipelines.publish.cards import print_cards
from pipelines.settings import warehouse


@click.command()
def command() -> None:
    """Print the published card values."""
    print_cards(warehouse(), console())
