"""What several commands take, and where they print."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console

from pipelines.commands.company import merged_vars, parse_vars

F = TypeVar("F")
FOLDER = click.Path(path_type=Path)


def field_map(note: str = "") -> Callable[[F], F]:
    return click.option("--field-map", type=FOLDER, help=f"Folder with your field_map_*.csv{note}.")


def dbt_vars(note: str = ", e.g. '{max_subjects_per_key: 9}'") -> Callable[[F], F]:
    return click.option(
        *("--vars", "dbt_vars"),
        callback=lambda _context, _option, text: merged_vars(parse_vars(text)),
        help=f"dbt variables as YAML{note}.",
    )


def console() -> Console:
    """Standard output; without a terminal as wide as the table needs."""
    out = Console(soft_wrap=True)
    return out if out.is_terminal else Console(soft_wrap=True, width=200)
