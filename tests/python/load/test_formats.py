"""Every file format gives the same rows; texts, digits and nesting are preserved."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from extract_folder import Extracts, StagedRows

from pipelines.load.readers import quote_long_numbers
from pipelines.settings import InputError
from pipelines.sources.tables import RESOURCES, Column, Resource

Read = Callable[[], StagedRows]
ORDER = {
    "id": "gid://shopify/Order/1",
    "name": "#1001",
    "createdAt": "2026-04-09T14:03:22Z",
    "updatedAt": "2026-04-10T08:00:01Z",
    "cancelledAt": None,
    "test": False,
    "number": 9007199254740993,
    "tags": ["us", "retail"],
    "customer": {"id": "gid://shopify/Customer/7", "email": "a@b.test"},
    "displayFinancialStatus": "PAID",
    "currentTotalPriceSet": {"presentmentMoney": {"amount": "110.00", "currencyCode": "USD"}},
}
CSV = (
    "id,name,createdAt,updatedAt,cancelledAt,test,number,tags,customer,displayFinancialStatus,"
    "currentTotalPriceSet\n"
    "gid://shopify/Order/1,#1001,2026-04-09T14:03:22Z,2026-04-10T08:00:01Z,,false,"
    '9007199254740993,"[""us"",""retail""]",'
    '"{""id"":""gid://shopify/Customer/7"",""email"":""a@b.test""}",PAID,'
    '"{""presentmentMoney"":{""amount"":""110.00"",""currencyCode"":""USD""}}"\n'
)


def write_parquet(path: Path, sql: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    duckdb.sql(sql).write_parquet(str(path))


def write_order(extracts: Extracts, ending: str) -> None:
    path = f"shopify/us/orders.{ending}"
    if ending == "parquet":
        write_parquet(
            extracts.root / path,
            """
            select 'gid://shopify/Order/1' as id, '#1001' as name,
                timestamptz '2026-04-09 14:03:22+00' as "createdAt",
                timestamp '2026-04-10 08:00:01' as "updatedAt", null::timestamp as "cancelledAt",
                false as test, 9007199254740993 as number, ['us', 'retail'] as tags,
                {'id': 'gid://shopify/Customer/7', 'email': 'a@b.test'} as customer,
                'PAID' as "displayFinancialStatus",
                {'presentmentMoney': {'amount': '110.00', 'currencyCode': 'USD'}}
                    as "currentTotalPriceSet"
            """,
        )
    else:
        extracts.write(path, CSV if "csv" in ending.lower() else [ORDER])


@pytest.mark.parametrize(
    "ending", ["jsonl", "jsonl.gz", "csv", "csv.gz", "parquet", "JSONL", "CSV.GZ"]
)
def test_every_format_gives_the_same_row(extracts: Extracts, staged: Read, ending: str) -> None:
    write_order(extracts, ending)
    result = staged()
    row = result.rows[0]
    nested = {
        name: json.loads(row.pop(name)) for name in ("tags", "customer", "current_total_price_set")
    }
    assert {name: value for name, value in row.items() if value is not None} == {
        "id": "gid://shopify/Order/1",
        "name": "#1001",
        "created_at": "2026-04-09T14:03:22Z",
        "updated_at": "2026-04-10T08:00:01Z",
        "test": "false",
        "number": "9007199254740993",
        "display_financial_status": "PAID",
        "instance": "us",
        "_source_file": f"shopify/us/orders.{ending}",
        "_record_number": 2 if "csv" in ending.lower() else 1,
        "_ordered_at": datetime(2026, 4, 9, 14, 3, 22),
        "_version_at": datetime(2026, 4, 10, 8, 0, 1),
    }
    assert nested == {
        "tags": ORDER["tags"],
        "customer": ORDER["customer"],
        "current_total_price_set": ORDER["currentTotalPriceSet"],
    }
    assert (result.staged.rows_read, result.staged.loaded, result.rejects) == (1, 1, [])


def test_numbers_keep_every_digit(extracts: Extracts, staged: Read) -> None:
    extracts.write(
        "d365_bc/ca/sales_orders.jsonl",
        '{"id":123456789012345678901234567890,"totalTaxAmount":12345678901234567.89,'
        '"totalAmountExcludingTax":0.0000072,"totalAmountIncludingTax":-1234567.125,'
        '"number":"1234567890123456.78","status":"Open"}\n',
    )
    row = staged().rows[0]
    assert row["id"] == "123456789012345678901234567890"
    assert row["total_tax_amount"] == "12345678901234567.89"
    assert row["total_amount_excluding_tax"] == "0.0000072"
    assert row["total_amount_including_tax"] == "-1234567.125"
    assert row["number"] == "1234567890123456.78"


def test_long_numbers_are_quoted_outside_of_texts_only() -> None:
    line = r'{"a":12345678901234567.8,"b":"x\": 12345678901234567.8","c":[0.00001,1.5,12345678]}'
    assert quote_long_numbers(line) == (
        r'{"a":"12345678901234567.8","b":"x\": 12345678901234567.8","c":["0.00001",1.5,12345678]}'
    )


PLACED = {"date_created": "Thu, 09 Apr 2026 14:03:22 +0000"}


def test_null_blank_and_nested_null(extracts: Extracts, staged: Read) -> None:
    extracts.write(
        "bigcommerce/b2b/orders.jsonl",
        [{"id": 1, "date_shipped": "", "external_id": None, "billing_address": None} | PLACED],
    )
    row = staged().rows[0]
    assert (row["date_shipped"], row["external_id"], row["billing_address"]) == ("", None, None)
    assert row["status"] is None


@pytest.mark.parametrize(
    ("sent", "moment"),
    [
        ("Thu, 09 Apr 2026 14:03:22 +0000", datetime(2026, 4, 9, 14, 3, 22)),
        ("Thu, 09 Apr 2026 14:03:22 -0500", datetime(2026, 4, 9, 19, 3, 22)),
        ("Thu, 09 Apr 2026 14:03:22 GMT", datetime(2026, 4, 9, 14, 3, 22)),
        ("2026-04-09T14:03:22.5+02:00", datetime(2026, 4, 9, 12, 3, 22, 500000)),
        ("2026-04-09 14:03:22", datetime(2026, 4, 9, 14, 3, 22)),
        (1775743402, datetime(2026, 4, 9, 14, 3, 22)),
        ("1775743402.0", datetime(2026, 4, 9, 14, 3, 22)),
        ("1775743402000.0", datetime(2026, 4, 9, 14, 3, 22)),
        ("1775743402000000", datetime(2026, 4, 9, 14, 3, 22)),
        ("1775743402000000000", datetime(2026, 4, 9, 14, 3, 22)),
        ("20260409T140322Z", datetime(2026, 4, 9, 14, 3, 22)),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_times(extracts: Extracts, staged: Read, sent: object, moment: datetime | None) -> None:
    extracts.write("bigcommerce/b2b/customers.jsonl", [{"id": 1, "date_modified": sent}])
    assert staged().column("_version_at") == [moment]


def test_nested_values_as_text_are_read(extracts: Extracts, staged: Read) -> None:
    """Warehouses unload objects as strings; a string that is not an object stays and is listed."""
    text = {"customer": json.dumps(ORDER["customer"]), "billingAddress": "1 Dock Rd"}
    extracts.write("shopify/us/orders.jsonl", [ORDER | text])
    result = staged()
    assert json.loads(result.rows[0]["customer"]) == ORDER["customer"]
    found = [(row["column_name"], row["record_key"]) for row in result.rejects]
    assert found == [("billingAddress", "1")]


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_tags_may_be_one_text(extracts: Extracts, staged: Read, ending: str) -> None:
    """A list, its JSON text, or the tags with commas between them, as REST and CSV have them."""
    written = (["VIP", "ERP:T9"], '["VIP", "ERP:T9"]', " VIP,ERP:T9 ,", "VIP", 12, "", None)
    rows = [{"id": n, "email": "a@b.test", "tags": tags} for n, tags in enumerate(written, 1)]
    if ending == "csv":
        text = io.StringIO()
        lines = csv.DictWriter(text, rows[0])
        lines.writeheader()
        lines.writerows(row | {"tags": json.dumps(row["tags"])} for row in rows[:1])
        lines.writerows(rows[1:])
        extracts.write("shopify/us/customers.csv", text.getvalue())
    else:
        extracts.write("shopify/us/customers.jsonl", rows)
    result = staged()
    found = [tags and json.loads(tags) for tags in result.column("tags")]
    assert found == [*[["VIP", "ERP:T9"]] * 3, ["VIP"], ["12"], found[5], None]
    assert found[5] in (None, [])
    assert result.rejects == []


LISTS = [(one, c) for one in RESOURCES for c in one.columns if c.kind == "list"]


@pytest.mark.parametrize(("resource", "column"), LISTS, ids=lambda one: getattr(one, "name", ""))
def test_an_object_or_a_text_in_place_of_a_list_is_listed(
    extracts: Extracts, staged: Read, resource: Resource, column: Column
) -> None:
    key = resource.key[0]
    needed = ORDER if resource.name == "orders" else {"companyId": 1}
    values = ([{"name": "ERP", "value": "1"}], {"name": "ERP", "value": "1"}, "ERP: 1", [], None)
    rows = [needed | {key: n, column.field: one} for n, one in enumerate(values, 1)]
    extracts.write(f"{resource.source}/us/{resource.name}.jsonl", rows)
    found = [(row["column_name"], row["reason"]) for row in staged().rejects]
    assert found == [(column.field, "not a list")] * 2


def test_upper_case_headers_of_data_management(extracts: Extracts, staged: Read) -> None:
    extracts.write(
        "d365_fo/prod/customers.csv",
        "CUSTOMERACCOUNT,PRIMARYCONTACTEMAIL,LINEOFBUSINESSID,ONHOLDSTATUS,DataAreaId\n"
        "C1,a@b.test,,No,ustr\n",
    )
    row = staged().rows[0]
    assert (row["customer_account"], row["data_area_id"]) == ("C1", "ustr")
    assert json.loads(row["record"]) == {
        "CustomerAccount": "C1",
        "PrimaryContactEmail": "a@b.test",
        "lineofbusinessid": None,
        "OnHoldStatus": "No",
        "dataAreaId": "ustr",
    }


@pytest.mark.parametrize("spell", [str.upper, str.lower])
@pytest.mark.parametrize("hold", ["No", ""])
def test_fields_of_json_lines_in_other_letters(
    extracts: Extracts, staged: Read, spell: Callable[[str], str], hold: str
) -> None:
    record = {"dataAreaId": "ustr", "CustomerAccount": "C1", "OnHoldStatus": hold, "MyField": "x"}
    given = {spell(name): value for name, value in record.items()}
    second = given | {spell("CustomerAccount"): "C2", spell("TaxExemptNumber"): "7"}
    extracts.write("d365_fo/prod/customers.jsonl", [given, second])
    rows = staged().rows
    found = [
        tuple(map(row.get, ("customer_account", "on_hold_status", "tax_exempt_number")))
        for row in rows
    ]
    assert found == [("C1", hold, None), ("C2", hold, "7")]
    assert json.loads(rows[0]["record"]) == given


def test_record_is_the_whole_object(extracts: Extracts, staged: Read) -> None:
    customer = {
        "dataAreaId": "ustr",
        "CustomerAccount": "C1",
        "OnHoldStatus": "No",
        "MyOwnField": "x",
        "Nested": {"a": 1},
    }
    extracts.write("d365_fo/prod/customers.jsonl", [customer])
    assert json.loads(staged().rows[0]["record"]) == customer


def test_parquet_record_keeps_types(extracts: Extracts, staged: Read) -> None:
    write_parquet(
        extracts.root / "d365_fo/prod/customers.parquet",
        "select 'ustr' as dataareaid, 'C1' as customeraccount, '' as onholdstatus, "
        "12.50::decimal(9, 2) as CreditLimit",
    )
    row = staged().rows[0]
    assert row["customer_account"] == "C1"
    assert json.loads(row["record"]) == {
        "dataAreaId": "ustr",
        "CustomerAccount": "C1",
        "OnHoldStatus": "",
        "creditlimit": 12.5,
    }


def test_byte_order_mark_and_windows_line_ends(extracts: Extracts, staged: Read) -> None:
    lines = b'\xef\xbb\xbf{"id":1,"email":"a"}\r\n\r\n   \n{"id":2,"email":"b"}'
    extracts.write("bigcommerce/b2b/customers.jsonl", lines)
    result = staged()
    assert result.column("id") == ["1", "2"]
    assert result.column("_record_number") == [1, 4]
    assert result.staged.rows_read == 2


@pytest.mark.parametrize("chunk", [7, 1 << 20])
@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_line_ends_of_every_system(
    extracts: Extracts, staged: Read, monkeypatch: pytest.MonkeyPatch, end: str, chunk: int
) -> None:
    """The number of a line is that of an editor; only the last line can be cut off."""
    monkeypatch.setattr("pipelines.load.readers.CHUNK_BYTES", chunk)
    lines = ('{"id": 1}', '{"id": 2', "", '{"id": 3}', '{"id": 4}')
    for last in ("", end):
        extracts.write("bigcommerce/b2b/customers.jsonl", end.join(lines) + last)
        result = staged()
        found = zip(result.column("id"), result.column("_record_number"), strict=True)
        assert list(found) == [("1", 1), ("3", 4), ("4", 5)]
        assert [(row["record_number"], row["reason"]) for row in result.rejects] == [
            (2, "not JSON")
        ]
    extracts.write("bigcommerce/b2b/customers.jsonl", end.join(lines)[:-1])
    with pytest.raises(InputError, match="is cut off in the middle of a record"):
        staged()


def test_invisible_characters_of_a_header(extracts: Extracts, staged: Read) -> None:
    header = "\u200bid\u00a0,e\u00admail\ufeff,\u200ecompany"
    extracts.write("bigcommerce/b2b/customers.csv", f"{header}\n1,a@b.test,A\n")
    result = staged()
    assert (result.column("id"), result.column("email")) == (["1"], ["a@b.test"])
    assert result.column("company") == ["A"]


def test_csv_of_a_spreadsheet(extracts: Extracts, staged: Read) -> None:
    extracts.write(
        "bigcommerce/b2b/customers.csv",
        b'\xef\xbb\xbfid;email ;company\r\n1;a@b.test;"Two\r\nlines; ""quoted"""\r\n\r\n2;;\r\n',
    )
    result = staged()
    assert result.column("company") == ['Two\r\nlines; "quoted"', None]
    assert result.column("email") == ["a@b.test", None]
    assert result.column("_record_number") == [2, 5]


def test_csv_longer_than_one_batch(
    extracts: Extracts, staged: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.load.readers.CSV_BATCH_ROWS", 2)
    extracts.write("bigcommerce/b2b/customers.csv", "id\n" + "".join(f"{i}\n" for i in range(1, 6)))
    assert staged().column("id") == ["1", "2", "3", "4", "5"]


def test_lines_longer_than_one_chunk(
    extracts: Extracts, staged: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.load.readers.CHUNK_BYTES", 7)
    records = [{"id": i, "email": "x" * i} for i in range(1, 41)]
    extracts.write("bigcommerce/b2b/customers.jsonl", records)
    assert staged().column("email") == [record["email"] for record in records]


def test_parts_are_one_resource(extracts: Extracts, staged: Read) -> None:
    extracts.write("bigcommerce/b2b/customers.part-10.jsonl", [{"id": 3}])
    extracts.write("bigcommerce/b2b/customers.part-2.csv.gz", "id\n2\n")
    extracts.write("bigcommerce/b2b/customers.part-0000.jsonl.gz", [{"id": 1}])
    result = staged()
    assert result.column("id") == ["1", "2", "3"]
    endings = [path.partition(".")[2] for path in result.column("_source_file")]
    assert endings == ["part-0000.jsonl.gz", "part-2.csv.gz", "part-10.jsonl"]


def test_child_lines_of_a_bulk_operation(extracts: Extracts, staged: Read) -> None:
    item = {"id": "gid://shopify/LineItem/9", "quantity": 2, "__parentId": ORDER["id"]}
    extracts.write("shopify/us/orders.jsonl", [ORDER, item])
    result = staged()
    assert result.column("id") == [ORDER["id"]]
    assert (result.staged.left_out.total(), result.staged.loaded, result.rejects) == (1, 1, [])


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
@pytest.mark.parametrize("ending", ["jsonl", "csv", "jsonl.gz"])
def test_empty_file(extracts: Extracts, staged: Read, ending: str, content: str) -> None:
    extracts.write(f"bigcommerce/b2b/customers.{ending}", content)
    result = staged()
    assert (result.staged.rows_read, result.rows) == (0, [])


def test_header_without_rows(extracts: Extracts, staged: Read) -> None:
    extracts.write("bigcommerce/b2b/customers.csv", "id,email\n")
    assert staged().staged.rows_read == 0


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ("2026-04-02T00:00:00Z", "2026-04-01T00:00:00Z", "first"),
        ("2026-04-01T00:00:00Z", "2026-04-02T00:00:00Z", "second"),
        ("2026-04-01T00:00:00Z", "2026-04-01T00:00:00Z", "second"),
        ("2026-04-01T00:00:00Z", None, "second"),
        ("2026-04-01T00:00:00Z", "11/04/2026", "second"),
        (None, "2026-04-01T00:00:00Z", "second"),
    ],
)
def test_newest_version_of_a_key(
    extracts: Extracts, staged: Read, first: str, second: str | None, kept: str
) -> None:
    extracts.write(
        "bigcommerce/b2b/customers.jsonl",
        [
            {"id": 1, "date_modified": first, "email": "first"},
            {"id": 1, "date_modified": second, "email": "second"},
        ],
    )
    result = staged()
    assert result.column("email") == [kept]
    assert (result.staged.rows_read, result.staged.older) == (2, 1)


def test_versions_that_cannot_be_compared(extracts: Extracts, staged: Read) -> None:
    """A version without a time beats earlier rows, one in the future never wins."""
    days = ["2026-04-03", None, "2026-04-02", "2926-04-01", "2026-04-01"]
    records = [{"id": 1, "date_modified": day, "email": f"of {day}"} for day in days]
    extracts.write("bigcommerce/b2b/customers.jsonl", records)
    result = staged()
    assert result.column("email") == ["of None"]
    assert result.staged.older == 4
    assert [(row["record_number"], row["value"]) for row in result.rejects] == [(4, "2926-04-01")]
    extracts.write("bigcommerce/b2b/customers.jsonl", [records[3], records[4], records[2]])
    assert staged().column("email") == ["of 2026-04-02"]
    extracts.write("bigcommerce/b2b/customers.jsonl", [records[3]])
    assert staged().column("email") == ["of 2926-04-01"]
