"""Descriptions of mart columns (CONTRIBUTING.md, style of YAML)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from project_files import manifest, models

NULL_MEANING = re.compile(
    r"\b(NULL|empty) (when|for|in|on|while|until|unless|without|where|leaves|means)\b"
    r"|\bnever (NULL|empty)\b",
    re.IGNORECASE,
)
# required in the description by the type, or by a word in the name of a number or code
UNITS_BY_TYPE = {
    re.compile(r"decimal\((?!5, 4\)).*"): re.compile(r"currency"),
    re.compile(r"decimal\(5, 4\)"): re.compile(r"0 to 1"),
    re.compile(r"timestamp"): re.compile(r"\bUTC\b"),
}
UNITS_BY_NAME = {
    re.compile(r"(^|_)days(_|$)"): re.compile(r"\b([Dd]ays|dates)\b"),
    re.compile(r"(^|_)hours(_|$)"): re.compile(r"\bhours\b"),
    re.compile(r"(^|_)minutes(_|$)"): re.compile(r"\bminutes\b"),
    re.compile(r"(^|_)currency_code$"): re.compile(r"ISO-4217"),
}
COUNTED = re.compile(r"\bunit\b|\b([Cc]ustomers|[Oo]rders|[Rr]ows)\b")  # of a whole number `value`
EMPTY_WORDS = set("a an and at by for from in is it its of on or the that this to was with".split())


def _filled(test: dict[str, Any]) -> list[str]:
    """The columns with a not-null test."""
    kind, given = (test.get("test_metadata") or {}).get("name"), test.get("test_metadata", {})
    if kind == "not_null":
        return [test["column_name"]]
    if kind != "unique_combination":
        return []
    may_be_null = given["kwargs"].get("may_be_null", [])
    return [column for column in given["kwargs"]["columns"] if column not in may_be_null]


def columns() -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Every column of the public models: model.column, column, whether it may be empty."""
    tested = {
        (node["attached_node"], column)
        for node in manifest()["nodes"].values()
        if node["resource_type"] == "test"
        for column in _filled(node)
    }
    for node in models():
        if node["config"]["access"] != "public":
            continue
        for column in node["columns"].values():
            held = {constraint["type"] for constraint in column["constraints"]}
            filled = held & {"not_null", "primary_key"} or (
                (node["unique_id"], column["name"]) in tested
            )
            yield f"{node['name']}.{column['name']}", column, not filled


def words(text: str) -> set[str]:
    """The words of a text without stop words; plural and singular are one word."""
    found = re.findall(r"[a-z0-9]+", text.lower())
    return {word.rstrip("s") for word in found if word not in EMPTY_WORDS}


def test_every_mart_lists_its_columns() -> None:
    empty = [
        node["name"]
        for node in models()
        if node["config"]["access"] == "public" and not node["columns"]
    ]
    assert not empty, f"marts without columns: {empty}"


def test_every_column_says_more_than_its_name() -> None:
    thin = [
        f"{name}: {column['description']!r}"
        for name, column, _ in columns()
        if not words(re.split(r"NULL|Empty", column["description"])[0]) - words(column["name"])
    ]
    assert not thin, "say what the name does not:\n" + "\n".join(thin)


def test_a_column_that_may_be_empty_says_when() -> None:
    silent = [
        f"{name}: {column['description']!r}"
        for name, column, nullable in columns()
        if nullable and not NULL_MEANING.search(column["description"])
    ]
    assert not silent, "add `NULL when ...` (or a not_null constraint):\n" + "\n".join(silent)


def test_a_column_that_is_never_empty_does_not_say_when() -> None:
    wrong = [
        f"{name}: {column['description']!r}"
        for name, column, nullable in columns()
        if not nullable and re.search(r"(^|[.;] )(NULL|Empty)\b", column["description"])
    ]
    assert not wrong, "not_null and `NULL when` contradict each other:\n" + "\n".join(wrong)


def missing_unit(column: dict[str, Any]) -> str | None:
    """What the description is missing, or None."""
    asked = [
        unit for kind, unit in UNITS_BY_TYPE.items() if kind.fullmatch(column["data_type"])
    ] + [unit for part, unit in UNITS_BY_NAME.items() if part.search(column["name"])]
    if column["data_type"] in ("int", "bigint") and column["name"].endswith("value"):
        asked.append(COUNTED)
    missing = [unit.pattern for unit in asked if not unit.search(column["description"])]
    return ", ".join(missing) or None


def test_a_measured_column_says_its_unit() -> None:
    silent = [
        f"{name}: {column['description']!r} lacks {unit}"
        for name, column, _ in columns()
        if (unit := missing_unit(column))
    ]
    assert not silent, "currency, days, hours, UTC, 0 to 1:\n" + "\n".join(silent)


def test_a_truth_says_when_it_is_true_or_false() -> None:
    silent = [
        f"{name}: {column['description']!r}"
        for name, column, _ in columns()
        if column["data_type"] == "boolean"
        and not re.search(r"\b(True|False) (when|for)\b", column["description"])
    ]
    assert not silent, "write `True when ...` or `False when ...`:\n" + "\n".join(silent)
