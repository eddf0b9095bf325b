"""Row-by-row comparison with the golden tables; a difference names the row and the column.

Expected tables are CSV. An empty cell expects NULL or ""; a cell `~` expects anything. Amounts compare
as decimals, lists (`a, b`) in any order, times to the second.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

ANY = "~"
LIST_COLUMNS = frozenset(
    {
        "candidate_legal_entity_ids",
        "dataverse_ids",
        "other_legal_entity_ids",
        "other_d365_customer_ids",
        "blocked_values",
    }
)

Row = Mapping[str, object]


def read_expected(path: Path) -> list[dict[str, str]]:
    """The rows of an expected table, all cells as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_text(column: str, value: object) -> str:
    """One spelling per value, so that equal values compare equal."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        value = ", ".join(str(item) for item in value)
    text = str(value).strip()
    if column in LIST_COLUMNS:
        return ", ".join(sorted(_item_text(item) for item in text.split(",") if item.strip()))
    return _item_text(text)


def _item_text(text: str) -> str:
    """`USD 30.0` to `USD 30`, `17.00` to `17`; other text trimmed."""
    words = text.strip().split(" ")
    try:
        words[-1] = format(Decimal(words[-1]).normalize(), "f")
    except InvalidOperation:
        return text.strip()
    return " ".join(words)


def differences(expected: Iterable[Row], actual: Iterable[Row], keys: tuple[str, ...]) -> list[str]:
    """One message per missing row, surplus row and differing cell.

    Raises ValueError when two expected rows have the same key.
    """
    wanted = _by_key(expected, keys)
    found = _by_key(actual, keys)
    doubles = [key for key, rows in wanted.items() if len(rows) > 1]
    if doubles:
        raise ValueError(f"the golden table has several rows for {doubles}")
    problems = []
    for key, (row,) in wanted.items():
        name = " / ".join(part or "-" for part in key)
        rows = found.get(key, [])
        if len(rows) != 1:
            problems.append(f"{name}: expected one row, found {len(rows)}")
            continue
        problems += [
            f"{name}: {column} is {as_text(column, rows[0].get(column))!r}, "
            f"expected {as_text(column, value)!r}"
            for column, value in row.items()
            if value != ANY and as_text(column, rows[0].get(column)) != as_text(column, value)
        ]
    for key, rows in found.items():
        if key not in wanted:
            name = " / ".join(part or "-" for part in key)
            problems.append(f"{name}: not expected, found {len(rows)} row(s)")
    return problems


def _by_key(rows: Iterable[Row], keys: tuple[str, ...]) -> dict[tuple[str, ...], list[Row]]:
    grouped: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        grouped.setdefault(tuple(as_text(key, row.get(key)) for key in keys), []).append(row)
    return grouped


def report(title: str, problems: list[str]) -> str:
    """A readable message for the assertion."""
    counted = Counter(problem.split(":")[0] for problem in problems)
    head = f"{title}: {len(problems)} difference(s) in {len(counted)} row(s)"
    return "\n  ".join([head, *problems])
