"""Provides a custom field map to dbt without changing a tracked file."""

import csv
import difflib
import os
import shutil
from pathlib import Path

from pipelines.settings import FIELD_MAP_SEEDS, PROJECT, InputError, Warehouse

PROPERTIES = "_field_map.yml"
REQUIRED = ("field_map_legal_entities", "field_map_stores")
# company-specific rules: without a file there are none
EMPTY_WHEN_MISSING = (
    "field_map_ship_to_countries",
    "field_map_platform_tags",
    "field_map_customer_overrides",
    "field_map_default_customers",
    "field_map_customer_templates",
)
# added later: without the column its cells are empty
OPTIONAL_COLUMNS = {"field_map_legal_entities": ("customer_master_legal_entity_id",)}


def prepare_field_map(target: Warehouse, folder: Path | None) -> Path:
    """The seed folder for dbt: the project's own, or a checked copy of `folder`, completed by
    general files of the project and by headers. Raises InputError for a missing or unknown file, or
    a wrong header."""
    if folder is None:
        shutil.rmtree(target.field_map, ignore_errors=True)
        return FIELD_MAP_SEEDS
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; give the folder of your field map.")
    headers = {path.stem: _header(path) for path in sorted(FIELD_MAP_SEEDS.glob("*.csv"))}
    given = _given(folder, list(headers))
    texts = {
        name: _checked_text(path, headers[name], OPTIONAL_COLUMNS.get(name, ()))
        for name, path in given.items()
    }
    for name in REQUIRED:
        if name not in given:
            columns = ", ".join(headers[name])
            raise InputError(f"{folder}: {name}.csv is missing; it needs {columns}.")
    for name, header in headers.items():
        if name not in given:
            fallback = FIELD_MAP_SEEDS / f"{name}.csv"
            is_empty = name in EMPTY_WHEN_MISSING
            texts[name] = ",".join(header) + "\n" if is_empty else fallback.read_text("utf-8")
    _write(target.field_map, texts)
    return target.field_map


def seed_path(folder: Path, project: Path = PROJECT) -> str:
    return Path(os.path.relpath(folder, project)).as_posix()


def _given(folder: Path, names: list[str]) -> dict[str, Path]:
    given = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")) or path.suffix.lower() != ".csv":
            continue
        name = path.stem.lower()
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]}.csv? Rename it" if near else "remove it"
            raise InputError(f"{path}: the field map has no such file; {hint}.")
        given[name] = path
    return given


def _checked_text(path: Path, header: list[str], optional: tuple[str, ...] = ()) -> str:
    found = _header(path)
    if found in (header, [name for name in header if name not in optional]):
        return _text(path)
    missing = [name for name in header if name not in found]
    unknown = [name for name in found if name not in header]
    faults = [f"{', '.join(missing)} missing"] if missing else []
    faults += [f"{', '.join(unknown)} unknown"] if unknown else []
    fault = "; ".join(faults) or "the columns are in another order"
    raise InputError(f"{path}: {fault}; its first line must be {','.join(header)}")


def _header(path: Path) -> list[str]:
    return next(csv.reader(_text(path).splitlines()), [])


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}); save it as UTF-8.") from error


def _write(folder: Path, texts: dict[str, str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    shutil.copyfile(FIELD_MAP_SEEDS / PROPERTIES, folder / PROPERTIES)
