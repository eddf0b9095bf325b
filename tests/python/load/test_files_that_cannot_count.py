"""A file without any value for a needed field is refused; a single record is listed."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from typing import Any

import duckdb
import pytest
from extract_folder import Extracts, Record, StagedRows

from pipelines.load.shapes import ENVELOPES, UNREAD
from pipelines.settings import InputError
from pipelines.sources.tables import BY_NAME, RESOURCES, Need, Resource
from tests.python.live.worlds import MAKERS

Read = Callable[[], StagedRows]
DECIDING = [
    pytest.param(resource, need, id=f"{resource.source}.{resource.name}.{need.fields[0]}")
    for resource in RESOURCES
    for need in resource.needs
]
ORDERS = {
    "shopify": ("createdAt", "shopify/us/orders"),
    "bigcommerce": ("date_created", "bigcommerce/b2b/orders"),
    "adobe_commerce": ("created_at", "adobe_commerce/main/orders"),
}


def records(resource: Resource, count: int = 3) -> list[Record]:
    make = MAKERS[resource.source, resource.name]
    return [make(number, 60) for number in range(1, count + 1)]


def without(found: list[Record], need: Need) -> list[Record]:
    """The records without the needed field; a currency is removed from the amounts."""
    inner = {path.rpartition(".")[2] for path in need.paths if "." in path}

    def cut(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: cut(part) for name, part in value.items() if name not in inner}
        return value

    flat = {path for path in need.paths if "." not in path}
    return [{name: cut(v) for name, v in one.items() if name not in flat} for one in found]


def blank(found: list[Record], need: Need) -> list[Record]:
    nulls = dict.fromkeys((name for name in need.fields if name in found[0]), None)
    return [one | nulls for one in found]


def as_csv(found: list[Record], upper: bool = False) -> str:
    names = list(dict.fromkeys(name for one in found for name in one))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(name.upper() if upper else name for name in names)
    for one in found:
        cells = [one.get(name) for name in names]
        writer.writerow(json.dumps(c) if isinstance(c, dict | list) else c for c in cells)
    return out.getvalue()


def known_as(record: Record, resource: Resource) -> str:
    """The key of a record as in the list of rejects."""
    return " ".join(str(record[field]).rpartition("/")[2] for field in resource.key)


def write_as(extracts: Extracts, resource: Resource, ending: str, found: list[Record]) -> None:
    path = f"{resource.source}/a/{resource.name}.{ending}"
    if ending == "parquet":
        file = extracts.write(path, b"")
        rows = extracts.write("rows.csv", as_csv(found))
        table = f"read_csv('{rows}', all_varchar = true, header = true)"
        duckdb.sql(f"from {table}").write_parquet(str(file))
        rows.unlink()
    else:
        extracts.write(path, as_csv(found, upper=True) if ending == "csv" else found)


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize(("resource", "need"), DECIDING)
def test_file_without_a_field_that_decides(
    extracts: Extracts, staged: Read, resource: Resource, need: Need, ending: str
) -> None:
    write_as(extracts, resource, ending, without(records(resource), need))
    with pytest.raises(InputError) as refused:
        staged()
    sentence = str(refused.value)
    assert f"{resource.source}/a/{resource.name}.{ending}" in sentence
    assert need.fields[0] in sentence and need.meaning in sentence and "export" in sentence


@pytest.mark.parametrize(("resource", "need"), DECIDING)
def test_field_that_is_blank_in_every_record(
    extracts: Extracts, staged: Read, resource: Resource, need: Need
) -> None:
    """If blank is a valid value the field must exist, otherwise one record must have a value."""
    found = records(resource)
    write_as(extracts, resource, "jsonl", blank(found, need))
    if need.may_be_blank:
        assert staged().staged.loaded == 3
    else:
        with pytest.raises(InputError, match=r"is empty in every record"):
            staged()
    write_as(extracts, resource, "jsonl", [*blank(found[:2], need), found[2]])
    assert staged().staged.loaded == (1 if resource.order_time in need.fields else 3)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: f"{one.source}.{one.name}")
def test_whole_records_and_empty_files_load(
    extracts: Extracts, staged: Read, resource: Resource
) -> None:
    for ending in ("jsonl", "csv"):
        write_as(extracts, resource, ending, records(resource))
        result = staged()
        assert (result.staged.loaded, result.rejects) == (3, [])
        write_as(extracts, resource, ending, [])
        assert staged().staged.rows_read == 0
        extracts.remove(f"{resource.source}/a/{resource.name}.{ending}")


def test_invoices_of_one_row_without_their_status(extracts: Extracts) -> None:
    """A needed column has no default, however small the file."""
    header = "DATAAREAID,INVOICEIDENTIFIER,FREETEXTNUMBER,CUSTOMERACCOUNT,CUSTOMERREFERENCE\n"
    extracts.write(
        "d365_fo/prod/free_text_invoices.csv", header + "catr,42001,FTI-42001,CA-1,1042\n"
    )
    extracts.write("d365_fo/prod/legal_entities.jsonl", [{"LegalEntityId": "catr"}])
    (problem,) = extracts.load().problems
    assert problem.endswith(
        "free_text_invoices.csv: the column IsPosted (whether the invoice is posted) is missing;"
        " export the file with it."
    )
    assert extracts.rows("select count(*) from raw_d365_fo.legal_entities") == [(1,)]


@pytest.mark.parametrize("time", [None, "", "  ", "4/9/2026 14:03"])
@pytest.mark.parametrize("source", ORDERS)
def test_one_order_without_its_time(extracts: Extracts, source: str, time: str | None) -> None:
    field, path = ORDERS[source]
    good, bad = records(BY_NAME[source, "orders"], 2)
    extracts.write(f"{path}.jsonl", [good, bad | {field: time}])
    result = extracts.load_one()
    assert (result.rows_loaded, result.rows_rejected) == (1, 1)
    ((record, reason, key),) = extracts.rows(
        "select record_number, reason, record_key from raw_load.rejects"
    )
    assert (record, key) == (2, known_as(bad, BY_NAME[source, "orders"]))
    words = f"{field} is not a time" if (time or "").strip() else f"no {field}"
    assert reason == f"{words}: the order is in no window"
    assert "1 record was rejected" in extracts.output


@pytest.mark.parametrize("source", ORDERS)
def test_a_file_of_one_order_without_its_time(extracts: Extracts, source: str) -> None:
    """The field exists but is empty: the record is at fault, not the file."""
    field, path = ORDERS[source]
    key = BY_NAME[source, "orders"].key[0]
    extracts.write(f"{path}.jsonl", [{key: 1, field: None}])
    assert extracts.load_one().rows_rejected == 1
    extracts.write(f"{path}.jsonl", [{key: 1}])
    assert (
        f"the field {field} (when the order was placed) is missing" in extracts.load().problems[0]
    )


def test_rejected_values_are_counted_in_the_summary(extracts: Extracts) -> None:
    good, bad = records(BY_NAME["adobe_commerce", "orders"], 2)
    extracts.write("adobe_commerce/main/orders.jsonl", [good, bad | {"grand_total": None}])
    assert "1 values rejected" in extracts.load_one().message
    assert "1 values rejected" in extracts.output


def test_orders_whose_times_cannot_be_read(extracts: Extracts) -> None:
    found = [one | {"createdAt": "4/9/2026"} for one in records(BY_NAME["shopify", "orders"])]
    extracts.write("shopify/us/orders.jsonl", found)
    assert "createdAt is not a time in any record" in extracts.load().problems[0]


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        ("shopify", {"currentTotalPriceSet": None, "totalPriceSet": None}),
        ("bigcommerce", {"total_inc_tax": "", "total_ex_tax": ""}),
        ("bigcommerce", {"status_id": None, "status": ""}),
        ("adobe_commerce", {"grand_total": None}),
        ("adobe_commerce", {"state": "", "status": None}),
        ("d365_fo", {"IsPosted": ""}),
    ],
)
def test_one_record_without_another_field_stays_and_is_listed(
    extracts: Extracts, staged: Read, source: str, fields: Record
) -> None:
    resource = BY_NAME[source, "orders" if source in ORDERS else "free_text_invoices"]
    good, bad = records(resource, 2)
    write_as(extracts, resource, "jsonl", [good, bad | fields])
    result = staged()
    assert (result.staged.loaded, result.staged.rejected) == (2, 0)
    (listed,) = result.rejects
    assert listed["record_key"] == known_as(bad, resource) and listed["column_name"] in fields
    assert listed["reason"].startswith("no value: ")


def test_orders_of_a_shop_that_withholds_its_emails_load(extracts: Extracts, staged: Read) -> None:
    withheld = {"email": None, "shippingAddress": None, "billingAddress": None}
    found = [one | withheld for one in records(BY_NAME["shopify", "orders"])]
    extracts.write("shopify/us/orders.jsonl", found)
    assert staged().staged.loaded == 3


def test_amount_in_any_of_its_places(extracts: Extracts, staged: Read) -> None:
    money = {"amount": "110.00", "currencyCode": "USD"}
    need = next(n for n in BY_NAME["shopify", "orders"].needs if n.meaning == "the amount")
    bare = without(records(BY_NAME["shopify", "orders"]), need)
    for path in need.paths:
        field, kind, _ = path.split(".")
        extracts.write("shopify/us/orders.jsonl", [one | {field: {kind: money}} for one in bare])
        assert staged().rejects == []


OTHER_SHAPES = {
    "BigCommerce V3 orders": (
        "bigcommerce/a/orders",
        {"id": 1, "order_id": 1, "status": "paid"},
        "this loader reads V2 orders",
    ),
    "B2B Edition in snake case": (
        "bigcommerce/a/companies",
        {"company_id": 1, "company_name": "A"},
        "B2B Edition records in snake case",
    ),
    "Adobe GraphQL orders": (
        "adobe_commerce/a/orders",
        {"id": "MQ==", "number": "0001", "order_date": "2026-04-09", "total": {}},
        "Adobe Commerce GraphQL orders",
    ),
    "CustTable": (
        "d365_fo/a/customers",
        {"ACCOUNTNUM": "US-1", "DATAAREAID": "ustr", "PARTY": 1, "BLOCKED": 0},
        "set link_folder",
    ),
    "SalesTable": (
        "d365_fo/a/sales_orders",
        {"dataareaid": "ustr", "salesid": "SO-1", "SinkCreatedOn": "x", "IsDelete": ""},
        "rows of an F&O table",
    ),
    "Business Central table": (
        "d365_bc/a/customers",
        {"No_": "C1", "Name": "A", "systemId": "x"},
        "rows of a Business Central table",
    ),
    "Synapse Link account": (
        "dataverse/a/accounts",
        {"Id": "a", "SinkCreatedOn": "x", "IsDelete": ""},
        "rows of a Synapse Link table",
    ),
    "flow runs of the management API": (
        "power_automate/a/flow_runs",
        {"name": "0858", "id": "/x", "properties": {"status": "Failed"}},
        "of the management API",
    ),
    "GraphQL edges": ("shopify/a/orders", {"node": {"id": 1}, "cursor": "x"}, "GraphQL edges"),
    "Airbyte": ("adobe_commerce/a/orders", {"_airbyte_data": {"entity_id": 1}}, "Airbyte records"),
    "Singer": (
        "bigcommerce/a/orders",
        {"type": "RECORD", "stream": "orders", "record": {"id": 1}},
        "Singer or Airbyte messages",
    ),
    "items": ("adobe_commerce/a/orders", {"items": [{"entity_id": 1}]}, "whole answers of an API"),
}


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
@pytest.mark.parametrize(("path", "record", "words"), OTHER_SHAPES.values(), ids=OTHER_SHAPES)
def test_another_shape_is_named(
    extracts: Extracts, staged: Read, path: str, record: Record, words: str, ending: str
) -> None:
    found = [record] * 3
    extracts.write(f"{path}.{ending}", as_csv(found) if ending == "csv" else found)
    with pytest.raises(InputError) as refused:
        staged()
    problem = str(refused.value)
    assert f"{path}.{ending}" in problem and words in problem and "this loader reads" in problem


def test_records_of_which_only_the_key_is_known(extracts: Extracts, staged: Read) -> None:
    extracts.write("bigcommerce/a/customers.jsonl", [{"id": 1, "mail": "a@x.test", "vorname": "A"}])
    with pytest.raises(InputError, match="reads none of its fields but id"):
        staged()
    extracts.write("bigcommerce/a/customers.jsonl", [{"id": 1, "mail": ""}, {"id": 2, "email": ""}])
    assert staged().staged.loaded == 2


def test_signs_of_shapes_are_compared_in_lower_case() -> None:
    shapes = [*ENVELOPES, *(shape for some in UNREAD.values() for shape in some)]
    for shape in shapes:
        words = " ".join((*shape.signs, shape.unless))
        assert words == words.lower()


MASTER = "d365_fo/prod/customers"
LINES = [
    {"dataAreaId": "ustr", "CustomerAccount": f"C{number}", "OnHoldStatus": "No"}
    for number in range(20)
]


def json_bytes(found: list[Record]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in found)


@pytest.mark.parametrize("ending", ["jsonl", "csv", "jsonl.gz", "csv.gz"])
@pytest.mark.parametrize("cut", [30, 45])
def test_master_that_is_cut_off_keeps_the_old_rows(
    extracts: Extracts, ending: str, cut: int
) -> None:
    """In the text, or in its gzip stream."""
    whole = as_csv(LINES).encode() if ending.startswith("csv") else json_bytes(LINES)
    extracts.write(f"{MASTER}.{ending}", whole)
    assert extracts.load_one().row_count == 20
    short = whole[: len(whole) - (cut if "json" in ending else 5)]
    file = extracts.root / f"{MASTER}.{ending}"
    for content in (short, gzip.compress(whole)[:-cut]) if "gz" in ending else (short,):
        extracts.write(f"{MASTER}.{ending}", content)
        if content is not short:
            file.write_bytes(content)
        (problem,) = extracts.load().problems
        assert str(file) in problem and "cut off" in problem
        assert extracts.rows("select count(*) from raw_d365_fo.customers") == [(20,)]


def test_master_whose_part_is_cut_off_keeps_all_parts(extracts: Extracts) -> None:
    extracts.write(f"{MASTER}.part-1.jsonl", LINES[:10])
    extracts.write(f"{MASTER}.part-2.jsonl", json_bytes(LINES[10:])[:-9])
    assert len(extracts.load().problems) == 1
    assert extracts.rows("select count(*) from raw_d365_fo.customers") == [(0,)]


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_last_line_without_a_line_end_is_a_record(extracts: Extracts, ending: str) -> None:
    whole = as_csv(LINES).encode() if ending == "csv" else json_bytes(LINES)
    extracts.write(f"{MASTER}.{ending}", whole.rstrip(b"\r\n"))
    assert extracts.load_one().row_count == 20


def test_bad_line_within_a_master_is_a_reject(extracts: Extracts) -> None:
    extracts.write(f"{MASTER}.jsonl", b'{"dataAreaId": "us\n' + json_bytes(LINES))
    result = extracts.load_one()
    assert (result.row_count, result.rows_rejected) == (20, 1)


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_increment_that_is_cut_off_keeps_the_old_rows(extracts: Extracts, ending: str) -> None:
    """The orders after the cut would be missing without a word."""
    found = records(BY_NAME["shopify", "orders"])
    whole = as_csv(found).encode() if ending == "csv" else json_bytes(found)
    extracts.write(f"shopify/us/orders.{ending}", whole)
    assert extracts.load_one().row_count == 3
    extracts.write(f"shopify/us/orders.{ending}", whole[:-9])
    (problem,) = extracts.load().problems
    assert "is cut off in the middle of a record" in problem
    assert extracts.rows("select count(*) from raw_shopify.orders") == [(3,)]


@pytest.mark.parametrize("path", [MASTER, "shopify/us/orders"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[]", "is a JSON array"),
        ('[\n {\n  "id": 1\n }\n]', "is a JSON array"),
        ('{\n "value": [\n  {\n   "id": 1\n  }\n ]\n}', "one JSON object per line"),
        ('{"value": []}', "whole answers of an API"),
        (b"PK\x03\x04" + b'\n{"id": 1}\n', "is a zip archive or a workbook"),
    ],
)
def test_other_ways_to_write_json_are_named(
    extracts: Extracts, path: str, content: str | bytes, words: str
) -> None:
    """Also for a whole table, where a last line that is not JSON is else taken for a cut."""
    extracts.write(f"{path}.jsonl", content if isinstance(content, bytes) else content.encode())
    (problem,) = extracts.load().problems
    assert words in problem


def test_no_sentence_quotes_a_record(extracts: Extracts) -> None:
    extracts.write("bigcommerce/b2b/customers.jsonl", '{"id":"1","email":"anna@x.test"')
    extracts.write("bigcommerce/other/customers.jsonl", [{"mail": "anna@x.test"}])
    assert "anna" not in "".join(extracts.load().problems) + extracts.output
