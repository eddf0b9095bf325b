"""Every staging cast is declared once; a value that does not cast is NULL and always rejected."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from model_files import ROOT, MacroCallError, model_sql

from pipelines.load import raw

LISTS = re.compile(r"\{% set casts = (\[.*?\n\]) %\}", re.DOTALL)
CASTING = re.compile(r"to_amount|to_rate|enum_value|_timestamp\(|\bcast\(|try_cast")
STAGING = sorted(path for path in (ROOT / "models").rglob("stg_*.sql"))
ENTITIES = [path for path in STAGING if LISTS.search(path.read_text())]
READABLE = {
    "amount": "12.5",
    "rate": "0.5",
    "conversion factor": "Ten",
    "boolean": "Yes",
    "hold": "Invoice",
    "block": "Ship",
    "sales order status": "Backorder",
    "invoice status": "Paid",
    "address type": "Email",
    "record state": "Active",
    "customer type": "Customer",
    "flow state": "Activated",
    "flow category": "Modern Flow",
    "run status": "Succeeded",
    "date": "2026-04-01",
    "time": "2026-04-01T08:00:00Z",
    "unix time": "1775743402",
    "list": "[{}]",
    "Customer id": "gid://shopify/Customer/7",
    "Company id": "gid://shopify/Company/7",
    "CompanyLocation id": "gid://shopify/CompanyLocation/7",
    "order time": "2026-04-01T08:00:00Z",
}
OF_THE_RECORD = {"privacy_blocked": "record.privacyBlocked"}  # a model finds it in any letters
CASTS_ELSEWHERE = {
    "stg_load__resource_loads": "our own table: its times are times",
    "stg_load__files": "our own table: its times are times",
}


def casts_of(sql: str) -> list[tuple[str, ...]]:
    found = LISTS.search(sql)
    assert found is not None
    return ast.literal_eval(found[1])


def kind_of(cast: tuple[str, ...]) -> str:
    return cast[2].partition(" or ")[0]


@cache
def raw_tables() -> duckdb.DuckDBPyConnection:
    """Every raw table, empty, and the look-back."""
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    raw.create_tables(con)
    con.execute(
        "create table stg_cards__windows as select timestamp '2026-03-01' as look_back_start_at, "
        "timestamp '2026-05-01' as window_end_at"
    )
    return con


def record(casts: list[tuple[str, ...]], texts: list[str]) -> dict[str, str]:
    """The raw columns of one record with these field texts."""
    fields: dict[str, Any] = {}
    for (_, source_text, *_), text in zip(casts, texts, strict=True):
        column, *path = OF_THE_RECORD.get(source_text, source_text).split(".")
        if not path:
            fields[column] = text
            continue
        node = fields.setdefault(column, {})
        for name in path[:-1]:
            node = node.setdefault(name, {})
        node[path[-1]] = text
    return {
        name: text if isinstance(text, str) else json.dumps(text) for name, text in fields.items()
    }


def read(sql: str, texts: list[str], ordered_at: str | None) -> tuple[dict[str, Any], list[str]]:
    """Columns of the staging row of such a record; the rejected columns."""
    casts, con = casts_of(sql), raw_tables()
    row = record(casts, texts) | {"instance": "i", "_source_file": "f", "_record_number": 7}
    if ordered_at and any(kind_of(cast) == "order time" for cast in casts):
        row["_ordered_at"] = ordered_at
    (table,) = set(re.findall(r"source\('(raw_\w+)', '(\w+)'\)", sql))
    places = ", ".join("?" for _ in row)
    name = ".".join(table)
    con.execute(f"delete from {name}")
    con.execute(f"insert into {name} ({', '.join(row)}) values ({places})", [*row.values()])
    result = con.execute(model_sql(sql))
    names = [column[0] for column in result.description]
    (values,) = result.fetchall()
    found = dict(zip(names, values, strict=True))
    return found, json.loads(found["rejected_values"] or "[]")


@pytest.mark.parametrize("path", ENTITIES, ids=lambda path: path.stem)
def test_what_does_not_read_is_null_and_rejected(path: Path) -> None:
    sql = path.read_text()
    casts = casts_of(sql)
    row, rejected = read(sql, ["no such value"] * len(casts), None)
    for column, _, kind, *_ in casts:
        missing = {"true": True, "false": False}.get(kind.partition(" or ")[2])
        assert row[column] is missing, column
    assert [item["rejected_value"] for item in rejected] == ["no such value"] * len(casts)
    assert len({item["column_name"] for item in rejected}) == len(casts)
    assert {item["record_number"] for item in rejected} == {7}
    for item, cast in zip(rejected, casts, strict=True):
        kind = "time" if kind_of(cast).endswith(" time") else kind_of(cast)
        assert item["reason"].startswith(f"does not read as {kind}")


@pytest.mark.parametrize("path", ENTITIES, ids=lambda path: path.stem)
def test_another_kind_changes_column_and_rejected_value_together(path: Path) -> None:
    sql = path.read_text()
    casts = casts_of(sql)
    texts = [READABLE[kind_of(cast)] for cast in casts]
    row, rejected = read(sql, texts, "2026-04-01 08:00:00")
    assert not rejected and all(row[cast[0]] is not None for cast in casts)
    for cast in casts:
        other = "amount" if kind_of(cast) == "boolean" else "boolean"
        changed = sql.replace(
            f"'{cast[0]}', '{cast[1]}', '{cast[2]}'", f"'{cast[0]}', '{cast[1]}', '{other}'"
        )
        assert changed != sql
        row, rejected = read(changed, texts, "2026-04-01 08:00:00")
        assert row[cast[0]] is None, cast
        assert [item["rejected_value"] for item in rejected] == [READABLE[kind_of(cast)]], cast


def test_an_unknown_kind_is_refused() -> None:
    sql = ENTITIES[0].read_text()
    kind = casts_of(sql)[0][2]
    with pytest.raises(MacroCallError, match="is no kind"):
        model_sql(sql.replace(f"'{kind}')", "'number')", 1))


def test_no_date_of_d365_is_a_missing_date_and_not_rejected() -> None:
    (path,) = (path for path in ENTITIES if path.stem == "stg_d365_bc__sales_invoices")
    for text in ("1900-01-01T00:00:00Z", "0001-01-01", " "):
        row, rejected = read(path.read_text(), ["Paid", text], None)
        assert row["invoice_date"] is None and not rejected


def test_staging_casts_nothing_beside_its_list() -> None:
    wrong = [
        path.stem
        for path in STAGING
        if path.stem not in CASTS_ELSEWHERE and CASTING.search(LISTS.sub("", path.read_text()))
    ]
    assert not wrong, f"put these casts into the list at the top of the model: {wrong}"
