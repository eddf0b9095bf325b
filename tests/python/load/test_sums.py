"""Rows in = loaded + rejected + older versions, of every format and load."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import duckdb
import pytest
from extract_folder import Extracts

FORMATS = ("jsonl", "jsonl.gz", "csv", "csv.gz", "parquet")
FIELDS = (
    *("id", "createdAt", "updatedAt", "name", "displayFinancialStatus", "email"),
    "currentTotalPriceSet",
)
MONEY = {"presentmentMoney": {"amount": "1.00", "currencyCode": "USD"}}


def order(identifier: str, hour: int, created: str = "2026-04-01T00:00:00Z") -> dict[str, Any]:
    gid = f"gid://shopify/Order/{identifier}" if identifier else ""
    changed = f"2026-04-02T{hour:02}:00:00Z"
    values = (gid, created, changed, f"of {hour} h", "PAID", "a@b.test", MONEY)
    return dict(zip(FIELDS, values, strict=True))


def write(extracts: Extracts, ending: str, records: list[dict[str, Any]]) -> None:
    path = f"shopify/us/orders.{ending}"
    if ending == "parquet":
        file = extracts.write(path, b"")
        texts = file.with_suffix(".json")
        texts.write_text("".join(f"{json.dumps(record)}\n" for record in records))
        types = dict.fromkeys(FIELDS, "varchar")
        duckdb.read_json(str(texts), columns=types).write_parquet(str(file))
        texts.unlink()
    elif ending.startswith("csv"):
        text = io.StringIO()
        lines = csv.DictWriter(text, FIELDS)
        lines.writeheader()
        for record in records:
            lines.writerow(record | {"currentTotalPriceSet": json.dumps(MONEY)})
        extracts.write(path, text.getvalue())
    else:
        extracts.write(path, records)


@pytest.mark.parametrize("ending", FORMATS)
def test_rows_in_are_loaded_rejected_or_older(extracts: Extracts, ending: str) -> None:
    """A day of new orders, then one with all three, also older than the raw table's version."""
    third = order("3", 9)
    first = [order("1", 9), order("2", 9), third]
    again = [order("1", 8), order("2", 10), order("2", 11), order("4", 9), order("4", 9)]
    faulty = [order("", 9), order("0", 9), order("5", 9, "yesterday"), order("6", 9, "")]
    for records, counts in ((first, (3, 0, 0)), ([*again, *faulty, third], (3, 4, 3))):
        write(extracts, ending, records)
        result = extracts.load_one()
        older = re.search(r"(\d+) older versions left out", result.message)
        found = (result.rows_loaded, result.rows_rejected, int(older[1]) if older else 0)
        assert found == counts
        assert result.rows_read == len(records) == sum(found)
        listed = "select count(*) from raw_load.rejects where column_name is null"
        assert extracts.rows(listed) == [(result.rows_rejected,)]
        in_file = "select rows_read, rows_loaded, rows_rejected from raw_load.files"
        assert extracts.rows(in_file) == [(len(records), *found[:2])]
    changed = "select name from raw_shopify.orders order by id"
    assert extracts.rows(changed) == [("of 9 h",), ("of 11 h",), ("of 9 h",), ("of 9 h",)]
