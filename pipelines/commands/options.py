"""What several commands take, and where they print."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import yaml
from rich.console import Console

from pipelines.settings import InputError

F = TypeVar("F")
FOLDER = click.Path(path_type=Path)


def parse_vars(text: str | None) -> dict[str, Any]:
    """dbt variables from YAML or JSON. Raises InputError if they are not a mapping."""
    try:
        values = yaml.safe_load(text or "{}")
    except yaml.YAMLError as error:
        raise InputError(f"the vars {text!r} are not valid YAML or JSON ({error}).") from error
    if not isinstance(values, dict):
        raise InputError(f"the vars {text!r} are not a mapping; write {{name: value}}.")
    return values


def field_map(note: str = "") -> Callable[[F], F]:
    return click.option("--field-map", type=FOLDER, help=f"Folder with your field_map_*.csv{note}.")


def dbt_vars(note: str = ", e.g. '{max_subjects_per_key: 9}'") -> Callable[[F], F]:
    return click.option(
        *("--vars", "dbt_vars"),
        callback=lambda _context, _option, text: parse_vars(text),
        help=f"dbt variables as YAML{note}.",
    )


def console() -> Console:
    """Standard output; without a terminal as wide as the table needs."""
    out = Console(soft_wrap=True)
    return out if out.is_terminal else Console(soft_wrap=True, width=200)
