"""Provides a company's field map and card seeds to dbt without changing a tracked file.

A company folder contains the files that differ from the project's: `field_map_*.csv`, files of
`seeds/cards`, `settings.yml` (company.py) and `shapes/`. Lines that begin with `#` are comments.
"""

import csv
import difflib
import io
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from zoneinfo import available_timezones

from pipelines.settings import FIELD_MAP_SEEDS, PROJECT, InputError, Warehouse, project_vars

CARD_SEEDS = PROJECT / "seeds" / "cards"
REFERENCE_SEEDS = PROJECT / "seeds" / "reference"
ENTITIES = "field_map_legal_entities"
MATCH_KEYS = "field_map_match_keys"
TEMPLATES = "field_map_customer_templates"
DECISIONS = "onboarding_decisions"
REQUIRED = (ENTITIES, "field_map_stores")
# company-specific rules: without a file there are none
EMPTY_WHEN_MISSING = (
    "field_map_ship_to_countries",
    "field_map_platform_tags",
    "field_map_customer_overrides",
    "field_map_default_customers",
    TEMPLATES,
    "field_map_addresses",
)
# added later: without the column its cells are empty
OPTIONAL_COLUMNS = {ENTITIES: ("customer_master_legal_entity_id",)}
# what a second row of a file cannot repeat; of card seeds, the row of the project that it replaces
KEYS = {
    ENTITIES: ("legal_entity_id",),
    "field_map_stores": ("platform", "instance"),
    "field_map_match_keys": ("match_key_id",),
    "field_map_addresses": ("system", "name"),
    DECISIONS: ("customer", "decision", "legal_entity_id", "d365_customer_id", "until_date"),
    "card_registry": ("card_id",),
    "onboarding_actions": ("primary_reason", "segment_code"),
    "d365_field_limits": ("erp", "field_name"),
    "order_reference_methods": ("method", "order_reference_type", "document_field"),
}
# a decision → what its row says beside it
ACCOUNT = ("legal_entity_id", "d365_customer_id")
DECIDED = {"same_as": ACCOUNT, "not_same": ACCOUNT, "set_aside_until": ("until_date",)}
ENTITY_COLUMNS = ("legal_entity_id", "default_legal_entity_id", "customer_master_legal_entity_id")
BOOLEANS = ("", "true", "false")
Row = dict[str, str]


def prepare_field_map(target: Warehouse, folder: Path | None) -> Path:
    """The seed folder for dbt: the project's own, or a checked copy of `folder`, completed by
    general files of the project and by headers; card seeds of `folder` beside it. Raises InputError
    with every problem of every file."""
    shutil.rmtree(target.card_seeds, ignore_errors=True)
    if folder is None:
        shutil.rmtree(target.field_map, ignore_errors=True)
        return FIELD_MAP_SEEDS
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; give the folder of your field map.")
    seeds = {path.stem: path for path in _seeds(FIELD_MAP_SEEDS) + _seeds(CARD_SEEDS)}
    problems: list[str] = []
    given = _given(folder, list(seeds), problems)
    tables = {name: _table(path, seeds[name], problems) for name, path in given.items()}
    for name in REQUIRED:
        if name not in given:
            columns = ", ".join(_header(seeds[name]))
            problems.append(f"{folder}: {name}.csv is missing; it needs {columns}.")
    if not problems:
        for name, table in tables.items():
            problems += _faults(given[name], table, KEYS.get(name, ()), tables[ENTITIES])
        if MATCH_KEYS in given:
            problems += _scopes_without_key(tables, given[MATCH_KEYS])
    if problems:
        raise InputError("\n".join(problems))
    own_cards = [name for name in given if seeds[name].parent == CARD_SEEDS]
    _write(target.field_map, FIELD_MAP_SEEDS, tables)
    if own_cards:
        _write(target.card_seeds, CARD_SEEDS, tables)
    return target.field_map


def problems_of(path: Path, name: str) -> list[str]:
    """What is wrong with a card seed of a company."""
    problems: list[str] = []
    table = _table(path, CARD_SEEDS / f"{name}.csv", problems)
    return problems or list(_faults(path, table, KEYS[name], []))


def seed_file(folder: Path, name: str) -> Path:
    """The file of a seed in a company's folder, its name in any letters; else where it would be."""
    own = (path for path in folder.glob("*.csv") if path.stem.lower() == name)
    return next(own, folder / f"{name}.csv")


def separator_of(text: str) -> str:
    """Of a file of a company, by its first line that is no comment."""
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    first = next(lines, "")
    return ";" if first.count(";") > first.count(",") else ","


def seed_path(folder: Path, project: Path = PROJECT) -> str:
    return Path(os.path.relpath(folder, project)).as_posix()


def _seeds(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.csv"))


def _given(folder: Path, names: list[str], problems: list[str]) -> dict[str, Path]:
    given = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")) or path.suffix.lower() != ".csv":
            continue
        name = path.stem.lower()
        if name in names:
            given[name] = path
            continue
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]}.csv? Rename it" if near else "remove it"
        problems.append(f"{path}: the field map has no such file; {hint}.")
    return given


def _table(path: Path, seed: Path, problems: list[str]) -> list[tuple[int, Row]]:
    """The rows of a file with their line numbers, in the columns of the project's seed."""
    header = _header(seed)
    lines = list(_lines(path))
    number, found = lines[0] if lines else (1, [])
    optional = OPTIONAL_COLUMNS.get(seed.stem, ())
    if found not in (header, [name for name in header if name not in optional]):
        problems.append(f"{path}: {_header_fault(found, header)} {','.join(header)}")
        return []
    rows = []
    for number, cells in lines[1:]:
        if len(cells) == len(found):
            rows.append((number, dict.fromkeys(header, "") | dict(zip(found, cells, strict=True))))
        else:
            problems.append(
                f"{path}, line {number}: {len(cells)} values for {len(found)} columns "
                f"({','.join(found)}); write an empty cell as two commas, and a comma inside a "
                "value in quotes."
            )
    return rows


def _header_fault(found: list[str], header: list[str]) -> str:
    missing = [name for name in header if name not in found]
    unknown = [name for name in found if name not in header]
    faults = [f"{', '.join(missing)} missing"] if missing else []
    faults += [f"{', '.join(unknown)} unknown"] if unknown else []
    return f"{'; '.join(faults) or 'the columns are in another order'}; its first line must be"


def _header(path: Path) -> list[str]:
    return next((cells for _, cells in _lines(path)), [])


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV with the number of their last line: without comments and blank lines,
    separated by commas or, as a spreadsheet of many countries writes, semicolons."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}); save it as UTF-8.") from error
    lines = ["\n" if line.startswith("#") else line for line in io.StringIO(text)]
    reader = csv.reader(lines, delimiter=separator_of(text))
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def _faults(
    path: Path, rows: list[tuple[int, Row]], key: tuple[str, ...], entities: list[tuple[int, Row]]
) -> Iterator[str]:
    """Values that would not be found or read: line, column, value and what to write."""
    ids = {row["legal_entity_id"].strip() for _, row in entities} | {"", "*"}
    if path.stem.lower() == TEMPLATES:
        ids |= {name.lower() for name in ids} | {name.upper() for name in ids}
    names = ", ".join(sorted(ids - {"", "*"}))
    entity = (ids.__contains__, f"an entity of {ENTITIES}.csv: {names}")
    checks = _checks() | dict.fromkeys(ENTITY_COLUMNS, entity)
    if path.stem.lower() == DECISIONS:  # its accounts may be of a company that is no entity
        del checks["legal_entity_id"]
    seen: dict[tuple[str, ...], int] = {}
    for line, row in rows:
        for column, value in row.items():
            is_right, expected = checks.get(column, (None, ""))
            if is_right and not is_right(value.strip()):
                yield f"{path}, line {line}: {column} is {value!r}; write {expected}."
        if decided := DECIDED.get(row.get("decision", "").strip().lower()):
            said = tuple(name for name in (*ACCOUNT, "until_date") if row[name].strip())
            if said != decided or not row["customer"].strip():
                yield (
                    f"{path}, line {line}: {row['decision']} needs customer, {', '.join(decided)} "
                    "and no other of legal_entity_id, d365_customer_id, until_date."
                )
        place = tuple(row[name].strip().lower() for name in key)
        if key and seen.setdefault(place, line) != line:
            what = ", ".join(filter(None, place))
            yield f"{path}, line {line}: {what} is also on line {seen[place]}; keep one."


def _scopes_without_key(tables: dict[str, list[tuple[int, Row]]], path: Path) -> Iterator[str]:
    """Scopes of enabled cards that no row of the company's match keys serves."""
    registry, delivered = CARD_SEEDS / "card_registry.csv", FIELD_MAP_SEEDS / f"{MATCH_KEYS}.csv"
    rows = [*_table(registry, registry, []), *tables.get("card_registry", ())]
    cards = {row["card_id"]: row for _, row in rows}.values()
    scopes = {card["key_scope"] for card in cards if card["is_enabled"].lower() == "true"} - {""}
    erps = {row["erp"].lower() for _, row in tables[ENTITIES]} & {"fo", "bc"}
    keys = [row for _, row in tables[MATCH_KEYS] if row["is_active"].lower() == "true"]
    found = {(row["scope"].lower(), row["d365_system"].lower()) for row in keys}
    for scope, erp in sorted(product(scopes, erps)):
        if not {(scope, erp), (scope, "*")} & found:
            lacking = f"no active row of scope {scope} for erp {erp}"
            yield f"{path}: {lacking}; add one, or take over the rows of {delivered}."


@cache
def _checks() -> dict[str, tuple[Callable[[str], bool], str]]:
    """Column → whether a value is right, and what to write instead."""
    currencies, countries = codes("iso_currencies"), codes("iso_countries")
    currency = (lambda value: not value or value.upper() in currencies, "an ISO code such as EUR")
    zones, platforms = available_timezones(), [*project_vars()["platforms"], "*"]
    systems = [*platforms[:-1], "fo", "bc", "dataverse"]
    zone = (lambda value: not value or value in zones, "a time zone such as Europe/Berlin")
    country = (lambda value: value.upper() in countries, "an ISO code of two letters such as DE")
    boolean = (lambda value: value.lower() in BOOLEANS, "true or false")
    decided = (lambda value: value.lower() in DECIDED, f"one of {', '.join(DECIDED)}")
    a_day = (lambda value: not value or _is_day(value), "a date such as 2026-04-12")
    return {
        "erp": (lambda value: value.lower() in ("fo", "bc", "unresolved"), "fo or bc"),
        "segment": (lambda value: value.lower() in ("", "b2b", "dtc"), "b2b or dtc"),
        "platform": (lambda value: value.lower() in platforms, f"one of {', '.join(platforms)}"),
        "currency_code": currency,
        "functional_currency_code": currency,
        "country_code": country,
        "time_zone": zone,
        "decision": decided,
        "system": (lambda value: value.lower() in systems, f"one of {', '.join(systems)}"),
        "address": (re.compile(r"https?://[^\s,'\"]+").fullmatch, "a whole https:// address"),
        **dict.fromkeys(("valid_from", "valid_to", "until_date", "decided_on"), a_day),
        "is_reporting_entity": boolean,
        "is_in_scope": boolean,
        "is_active": boolean,
        "is_enabled": boolean,
    }


def _is_day(value: str) -> bool:
    with suppress(ValueError):
        return date.fromisoformat(value).isoformat() == value
    return False


def codes(seed: str) -> set[str]:
    return {cells[0] for _, cells in _lines(REFERENCE_SEEDS / f"{seed}.csv")}


def _write(folder: Path, project: Path, tables: dict[str, list[tuple[int, Row]]]) -> None:
    """The project's seeds with the rows of the company: a card seed keeps the project's rows that
    the company does not give."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(project, folder)
    for path in _seeds(folder):
        name, header, rows = path.stem, _header(path), []
        if name not in tables and name not in EMPTY_WHEN_MISSING:
            continue
        own = [row for _, row in tables.get(name, ())]
        if project == CARD_SEEDS:
            replaced = [[row[column].lower() for column in KEYS[name]] for row in own]
            rows = [
                row
                for _, row in _table(path, path, [])
                if [row[column].lower() for column in KEYS[name]] not in replaced
            ]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows + own)
