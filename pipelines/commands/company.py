"""A company's folder: its settings, its extracts, its warehouse; and the values of dbt variables.

`settings.yml` of the folder has dbt variables and `extracts`, a folder (relative to it). Every
command takes `--company` or `--extracts` (or COMPANY, EXTRACTS) to find its warehouse.
"""

import difflib
import os
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import click
import yaml

from pipelines.commands.field_map import codes
from pipelines.settings import InputError, project_vars, warehouse_for

SETTINGS = "settings.yml"
EXTRACTS = "extracts"
HINTS = {"company": "; `init` writes one", "extracts": "; give the folder of your extracts"}
VALUES = {
    "order_value_basis": ("net", "gross"),
    "alert_severity": ("warn", "error"),
    "rejected_records_severity": ("warn", "error"),
}


def add_place_options(command: click.Command) -> click.Command:
    """Gives a command and its subcommands `--company` and, where they lack it, `--extracts`."""
    known = {parameter.name for parameter in command.params}
    for name, text in (
        ("company", "Folder of a company, as `init` writes it: settings, field map, cards."),
        ("extracts", "Folder of extract files whose warehouse is meant."),
    ):
        if name not in known:
            option = click.Option(
                [f"--{name}"],
                type=click.Path(path_type=Path),
                help=text,
                envvar=name.upper(),
                expose_value=False,
                is_eager=True,
                callback=use_place,
            )
            command.params.append(option)
    if isinstance(command, click.Group):
        for one in command.commands.values():
            add_place_options(one)
    return command


def use_place(context: click.Context, option: click.Parameter, folder: Path | None) -> None:
    """Sets the warehouse of this process. Raises InputError for a folder that is not there."""
    if folder is None:
        return
    if not folder.is_dir():
        raise InputError(f"--{option.name} {folder}: no such folder{HINTS[option.name]}.")
    places = {"WAREHOUSE_DIR": str(warehouse_for(folder).root)}
    if option.name == "company":
        context.meta["company"] = folder.resolve()
        places["SHAPES_DIR"] = str(folder.resolve() / "shapes")
    for name, place in places.items():
        if name not in os.environ:
            os.environ[name] = place
            context.call_on_close(partial(os.environ.pop, name, None))


def company_folder() -> Path | None:
    context = click.get_current_context(silent=True)
    return context.meta.get("company") if context else None


def company_settings(folder: Path | None) -> dict[str, Any]:
    """The settings of a company's folder, with the path of `extracts`; {} without a file."""
    if folder is None or not (folder / SETTINGS).exists():
        return {}
    path = folder / SETTINGS
    settings = parse_vars(path.read_text("utf-8-sig"), str(path))
    if settings.get(EXTRACTS):
        settings[EXTRACTS] = (folder / str(settings[EXTRACTS])).resolve()
    return settings


def with_company(extracts: Path | None, field_map: Path | None) -> tuple[Path | None, Path | None]:
    """The folders of a run: as given, else those of the company."""
    folder = company_folder()
    extracts = extracts or company_settings(folder).get(EXTRACTS)
    return extracts.resolve() if extracts else None, field_map or folder


def merged_vars(given: dict[str, Any]) -> dict[str, Any]:
    """The variables of the company's settings, then those of the command line; all checked."""
    folder = company_folder()
    own = {name: value for name, value in company_settings(folder).items() if name != EXTRACTS}
    faults = [f"{folder}/{SETTINGS}: {fault}" for fault in faults_of(own)]
    faults += [f"--vars: {fault}" for fault in faults_of(given)]
    if faults:
        raise InputError("\n".join(faults))
    return own | given


def parse_vars(text: str | None, place: str = "the vars") -> dict[str, Any]:
    """A mapping from YAML or JSON. Raises InputError if it is none."""
    try:
        values = yaml.safe_load(text or "{}")
    except yaml.YAMLError as error:
        raise InputError(f"{place}: {text!r} is not valid YAML or JSON ({error}).") from error
    if values is not None and not isinstance(values, dict):
        raise InputError(f"{place}: {text!r} is not a mapping; write {{name: value}}.")
    return values or {}


def faults_of(values: dict[str, Any]) -> list[str]:
    """What is wrong with variables: an unknown name, or a value that the project cannot use."""
    return [fault for name, value in values.items() if (fault := _fault(str(name), value))]


def _fault(name: str, value: Any) -> str | None:
    known = project_vars()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}."
        return f"there is no setting {name}; {hint}"
    if value is None:
        return None
    if name in VALUES and value not in VALUES[name]:
        return f"{name} is {value!r}; write {' or '.join(VALUES[name])}."
    if name == "reporting_currency" and value not in codes("iso_currencies"):
        return f"{name} is {value!r}, which is no ISO currency; write a code such as EUR."
    if name == "reporting_timezone" and value not in available_timezones():
        near = difflib.get_close_matches(str(value), available_timezones(), n=1)
        example = near[0] if near else "Europe/Berlin"
        return f"{name} is {value!r}, which is no time zone; write {example}."
    if isinstance(known[name], bool) and not isinstance(value, bool):
        return f"{name} is {value!r}; write true or false."
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if type(known[name]) in (int, float) and not (is_number and value >= 0):
        return f"{name} is {value!r}; write a number of 0 or more."
    return None
