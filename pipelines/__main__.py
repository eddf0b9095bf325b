"""The command line: python -m pipelines run | daily | load | publish | report | notify | ….

Exit codes: 0 success, 1 a model or test failed and nothing was published, or an alert was not
delivered, 2 invalid input or configuration, 3 (daily) published but the page or the alerts failed.
"""

import os
import sys
from importlib import import_module

import click

from pipelines.commands.company import add_place_options
from pipelines.duck import refusal
from pipelines.settings import BuildError, umask

NAMES = (
    "backfill cards daily decide doctor export forget gate init load notify publish report run"
).split()


class Commands(click.Group):
    """Modules of `pipelines.commands`, imported when they are asked for: some take seconds."""

    def list_commands(self, _: click.Context) -> list[str]:
        return NAMES

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in NAMES:
            return None
        command = import_module(f"pipelines.commands.{name}").command
        return command if name == "init" else add_place_options(command)  # its folder is new


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Commerce customers missing from Dynamics 365: load, build, publish, report."""


def cli() -> None:
    """Run a command; print an error as one message on standard error."""
    try:
        os.umask(umask())
        main()
    except Exception as error:
        sentence = refusal(error)
        if not sentence:
            raise
        click.echo(f"ERROR {sentence}", err=True)
        sys.exit(1 if isinstance(error, BuildError) else 2)


if __name__ == "__main__":
    cli()
