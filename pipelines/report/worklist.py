"""The worklist and the details of each row, small enough to embed in the page.

Stored by column, because a column with few distinct values then is a list of them and a number per
row: `{"words": [...], "at": [...]}`, else `{"at": [...]}`.
"""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pipelines.report import wording
from pipelines.report.published import Published, Row

BEHIND = "orders keys_tried failures near_matches duplicates dataverse imports".split()
CODES = ("primary_reason",)  # filters whose options are codes, shown in words
WORTHWHILE = 3  # uses of a word from which a list of words is smaller


def worklist(published: Published) -> dict[str, Any]:
    """`rows`: row count; `data`: input of the script; `filters`: column → its options."""
    rows = published.rows("worklist")
    names = published.rows("entities")
    entities = {row["legal_entity_id"]: row["legal_entity_name"] for row in names}
    for row in rows:
        row["destination"] = _destination(row, entities)
    return {
        "rows": len(rows),
        "customers": len({row["customer_id"] for row in rows}),
        "set_aside": len({row["customer_id"] for row in rows if row["set_aside_until"]}),
        "filters": {
            name: _options(rows, name)
            for name in ("segment_code", "destination", "primary_reason", "owner")
        },
        "data": {
            "worklist": _columns(rows),
            "behind": {name: _columns(published.rows(f"behind/{name}")) for name in BEHIND},
            "words": wording.WORDS,
        },
    }


def _columns(rows: list[Row]) -> dict[str, Any]:
    """Column name → its values, compactly; amounts stay the text of their decimal."""
    return {
        name: _column([_plain(row[name]) for row in rows]) for name in (rows[0] if rows else ())
    }


def _column(values: list[Any]) -> dict[str, Any]:
    distinct = list(dict.fromkeys(values))
    if len(distinct) * WORTHWHILE > len(values):
        return {"at": values}
    place = {value: number for number, value in enumerate(distinct)}
    return {"words": distinct, "at": [place[value] for value in values]}


def _plain(value: object) -> Any:
    """A value for JSON: decimals and days as text, instants as text in UTC."""
    if isinstance(value, datetime):
        return value.isoformat(" ", timespec="seconds")
    return str(value) if isinstance(value, (Decimal, date)) else value


def _destination(row: Row, entities: dict[str, str]) -> str:
    """Where the customer should be: an entity, several, or none."""
    entity = row["expected_legal_entity_id"]
    if entity:
        return entities.get(entity) or entity
    if row["candidate_legal_entity_ids"]:
        return "ambiguous: " + " or ".join(row["candidate_legal_entity_ids"].split(", "))
    return "unmapped"


def _options(rows: list[Row], name: str) -> list[tuple[str, str, int]]:
    """The options of a filter: value, label, number of rows; most frequent first."""
    counts = Counter(row[name] for row in rows if row[name] is not None)
    return [
        (value, wording.words(value) if name in CODES else value, count)
        for value, count in counts.most_common()
    ]
