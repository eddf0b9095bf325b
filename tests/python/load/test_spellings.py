"""One spelling of an id, a code and a missing value, in every format and on every platform."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from extract_folder import Extracts, StagedRows, json_lines

from pipelines.load import raw
from pipelines.sources.tables import BY_NAME, RESOURCES, Column, Resource, snake_case

Read = Callable[[], StagedRows]
NO_ONE = (
    "", "  ", "0", "0.0", "000", "nan", "NaN", "None", "NULL", "null", "(null)", "n/a", "N/A", "#N/A",
    "<NA>", "\\N", "-", "------------", "true", "False", "\u200b", "\ufeff\u00a0", "-1", "-1.0", "[]", "[1]", '{"a":1}',
    "Guest", "NOT LOGGED IN", "anonymous_user",
)  # fmt: skip
WORDS = ("NULL", "null", "(null)", "nan", "NaN", "None", "N/A", "#N/A", "\\N", "-")
MERGED = [
    one for one in RESOURCES if any(c.kind == "id" and c.field in one.key for c in one.columns)
]
FORMATS = ("jsonl", "csv", "parquet")
ORDERS = "bigcommerce/s/orders"


def filled(resource: Resource, **values: object) -> dict[str, object]:
    """A record with a value for every need."""
    record: dict[str, object] = dict.fromkeys(resource.key, "9")
    nested = {column.field: {} for column in resource.columns if column.kind == "json"}
    nested |= {column.field: [] for column in resource.columns if column.kind == "list"}
    for need in resource.needs:
        field, _, inner = need.paths[0].partition(".")
        value: object = "1" if inner else nested.get(field, "1")
        for name in reversed(inner.split(".") if inner else []):
            value = {name: value}
        record.setdefault(field, value)
    if resource.order_time:
        record[resource.order_time] = "2026-04-09T10:00:00Z"
    return record | values


def order(**values: object) -> dict[str, object]:
    return filled(BY_NAME["bigcommerce", "orders"], **values)


def write(extracts: Extracts, path: str, kind: str, records: list[dict[str, object]]) -> None:
    """The records in a format; in CSV and Parquet objects are JSON text."""
    file = extracts.write(f"{path}.jsonl", json_lines(records))
    if kind == "jsonl":
        return
    names = {name: "VARCHAR" for record in records for name in record}
    with duckdb.connect() as con:
        con.execute(
            f"copy (select * from read_json($1, columns = {names}, format = 'newline_delimited'))"
            f" to '{file.with_suffix('')}.{kind}' (format {kind})",
            [str(file)],
        )
    file.unlink()


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("resource", MERGED, ids=lambda one: f"{one.source}.{one.name}")
def test_an_id_that_names_no_one_is_no_id(
    extracts: Extracts, staged: Read, resource: Resource, kind: str
) -> None:
    """All of them would be one customer, or one order."""
    field = resource.key[0]
    other = next(
        c.field for c in resource.columns if c.kind in ("text", "account") and c.field != field
    )
    bad = [filled(resource, **{field: text, other: "1"}) for text in NO_ONE]
    write(extracts, f"{resource.source}/s/{resource.name}", kind, [filled(resource), *bad])
    result = staged()
    assert (len(result.rows), len(result.rejects)) == (1, len(NO_ONE))
    assert {row["reason"] for row in result.rejects} == {f"no {field}"}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("resource", MERGED, ids=lambda one: f"{one.source}.{one.name}")
def test_every_spelling_of_an_id_is_one_record(
    extracts: Extracts, staged: Read, resource: Resource, kind: str
) -> None:
    spellings = ["811", "811.0", "811.00", " 811 ", "\u200b811", "'811", '="811"']
    if resource.gid:
        spellings += [f"gid://shopify/{resource.gid}/811", f"GID://shopify/{resource.gid}/811?x=1"]
    records = [filled(resource, **{resource.key[0]: text}) for text in spellings]
    write(extracts, f"{resource.source}/s/{resource.name}", kind, records)
    expected = f"gid://shopify/{resource.gid}/811" if resource.gid else "811"
    assert staged().column(resource.key_columns[0]) == [expected]


GUID = "aaaaaaaa-0000-4000-8000-00000000000f"


def test_a_guid_is_one_id_in_every_spelling(extracts: Extracts, staged: Read) -> None:
    """A flow run that came in two cases was two rows, and the build stopped."""
    zeros = "{00000000-0000-0000-0000-000000000000}"
    runs = [
        filled(BY_NAME["power_automate", "flow_runs"], flowrunid=text)
        for text in (GUID, GUID.upper(), f"{{{GUID}}} ", zeros)
    ]
    write(extracts, "power_automate/s/flow_runs", "jsonl", runs)
    result = staged()
    assert result.column("flowrunid") == [GUID]
    assert [row["reason"] for row in result.rejects] == ["no flowrunid"]


def test_ids_that_a_spreadsheet_wrote(extracts: Extracts, staged: Read) -> None:
    ids = ["1,811", "12,345,678", "1,81", "8,00E+11"]
    write(extracts, ORDERS, "csv", [order(id=text) for text in ids])
    result = staged()
    assert result.column("id") == ["1811", "12345678", "1,81"]
    reasons = [row["reason"] for row in result.rejects]
    assert reasons == ["id has an exponent: its last digits are lost"]


@pytest.mark.parametrize("number", ["811.0", "8.11e2", "5.5E+12", "5.5E12"])
def test_numbers_as_ids(extracts: Extracts, staged: Read, number: str) -> None:
    """JSON without quotes; an exponent has lost digits."""
    line = (
        f'{{"id": {number}, "customer_id": {number}, "status_id": 5.0, "total_inc_tax": "1",'
        ' "date_created": "2026-04-09T10:00:00Z", "default_currency_code": "USD"}'
    )
    extracts.write(f"{ORDERS}.jsonl", f"{line}\n{line.replace(number, '7')}\n")
    result = staged()
    is_exponent = "e" in number.lower()
    ids = ["7"] if is_exponent else ["811", "7"]
    assert (result.column("id"), result.column("customer_id")) == (ids, ids)
    assert set(result.column("status_id")) == {"5"}
    reasons = [row["reason"] for row in result.rejects]
    assert reasons == ["id has an exponent: its last digits are lost"] * is_exponent


ACCOUNTS = [(one, c) for one in RESOURCES for c in one.columns if c.kind in ("account", "number")]


@pytest.mark.parametrize(
    ("resource", "column"),
    ACCOUNTS,
    ids=lambda one: getattr(one, "field", getattr(one, "name", "")),
)
def test_a_number_of_d365_that_a_spreadsheet_shortened(
    extracts: Extracts, staged: Read, resource: Resource, column: Column
) -> None:
    """1.2E+05 is no account: of a key the record is rejected, else the value. 12E4 may be one."""
    texts = ("120000", "12E4", "C-1.2E+05", "1.2E+05", " 5,5e+12", "1.25E5")
    records = [
        filled(resource, **dict.fromkeys(resource.key, str(n)) | {column.field: text})
        for n, text in enumerate(texts, 1)
    ]
    write(extracts, f"{resource.source}/s/{resource.name}", "jsonl", records)
    result = staged()
    good = ["120000", "12E4", "C-1.2E+05"]
    is_key = column.field in resource.key
    assert result.column(column.name) == [*good, *[None] * 3 * (not is_key)]
    reason = f"{column.field} has an exponent: its last digits are lost" if is_key else "not an id"
    assert [row["reason"] for row in result.rejects] == [reason] * 3


@pytest.mark.parametrize("kind", FORMATS)
def test_another_id_that_names_no_one_is_a_guest(
    extracts: Extracts, staged: Read, kind: str
) -> None:
    records = [order(id=str(n + 1), customer_id=text) for n, text in enumerate(NO_ONE)]
    write(extracts, ORDERS, kind, [order(id="99", customer_id="7.0"), *records])
    result = staged()
    assert result.column("customer_id") == ["7", *[None] * len(NO_ONE)]
    assert [(row["column_name"], row["reason"], row["value"]) for row in result.rejects] == [
        ("customer_id", "not an id", text) for text in ("[]", "[1]", '{"a":1}')
    ]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_word_for_no_value_is_none_in_any_column(
    extracts: Extracts, staged: Read, kind: str
) -> None:
    account = {"dataAreaId": "ustr", "OnHoldStatus": "No", "PrimaryContactEmail": "a@b.test"}
    records = [
        {**account, "CustomerAccount": f"C{n}", "OnHoldStatus": word, "PrimaryContactEmail": word}
        for n, word in enumerate(WORDS)
    ]
    write(extracts, "d365_fo/p/customers", kind, [*records, {**account, "CustomerAccount": "G"}])
    result = staged()
    assert result.column("on_hold_status") == [*[None] * len(WORDS), "No"]
    assert result.column("primary_contact_email") == [*[None] * len(WORDS), "a@b.test"]
    assert result.rejects == []


@pytest.mark.parametrize("word", [*WORDS, "--------"])
def test_a_number_that_is_such_a_word_is_said(extracts: Extracts, staged: Read, word: str) -> None:
    """A D365 account called NULL is a rejected record, not a customer of that name."""
    rows = [
        {"dataAreaId": "ustr", "CustomerAccount": a, "OnHoldStatus": "No"} for a in ("C1", word)
    ]
    extracts.write("d365_fo/p/customers.jsonl", json_lines(rows))
    assert [row["reason"] for row in staged().rejects] == ["no CustomerAccount"]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("text", ['["anna@x.test"]', '{"address":"anna@x.test"}', "[]"])
def test_an_object_in_place_of_a_text_is_listed(
    extracts: Extracts, staged: Read, kind: str, text: str
) -> None:
    records = [{"id": "1", "email": text}, {"id": "2", "email": "[VIP] anna"}]
    write(extracts, "bigcommerce/s/customers", kind, records)
    result = staged()
    assert result.column("email") == [None, "[VIP] anna"]
    assert [
        (row["record_key"], row["column_name"], row["reason"], row["value"])
        for row in result.rejects
    ] == [("1", "email", "not a text", text)]


def test_parquet_types(extracts: Extracts, staged: Read) -> None:
    """A list, a struct and a double keep their meaning: a whole double is written without .0."""
    file = Path(extracts.root) / "d365_fo/p/sales_orders.parquet"
    file.parent.mkdir(parents=True)
    with duckdb.connect() as con:
        con.execute(
            f"""copy (select 'ustr' as dataAreaId, 'SO' || i as SalesOrderNumber,
                1.0::double as SalesOrderStatus,
                case i when 1 then 1042.0 when 2 then 0.5 else 'nan'::double end
                    as CustomersOrderReference,
                1042.00::decimal(18, 2) as CustomerRequisitionNumber, ['a@b.test'] as Email
                from range(1, 4) as r(i)) to '{file}'"""
        )
    result = staged()
    assert result.column("customers_order_reference") == ["1042", "0.5", None]
    assert result.column("customer_requisition_number") == ["1042"] * 3
    assert result.column("sales_order_status") == ["1"] * 3
    assert result.column("email") == [None] * 3
    assert {row["reason"] for row in result.rejects} == {"not a text"}


def test_a_gid_of_another_object_is_refused(extracts: Extracts, staged: Read) -> None:
    orders = BY_NAME["shopify", "orders"]
    ids = ("gid://shopify/Order/1", "gid://shopify/DraftOrder/2", "gid://shopify/Order/")
    records = [filled(orders, id=text) for text in ids]
    extracts.write("shopify/s/orders.jsonl", json_lines(records))
    result = staged()
    assert result.column("id") == ["gid://shopify/Order/1"]
    assert {row["reason"] for row in result.rejects} == {"id is that of another object"}


def test_ids_that_a_spreadsheet_rounded(extracts: Extracts) -> None:
    rounded = [order(id=text) for text in ("1234567890123456000", "1234567890123457000")]
    extracts.write(f"{ORDERS}.jsonl", json_lines(rounded))
    assert "a spreadsheet rounded them" in extracts.load().problems[0]
    kept = [*rounded, order(id="1234567890123456789"), order(id="5000")]
    extracts.write(f"{ORDERS}.jsonl", json_lines(kept))
    assert extracts.load_one().rows_loaded == 4


@pytest.mark.parametrize("time", ["0001-01-01", "1970-01-01", "1999-12-31"])
def test_the_time_of_an_empty_field_is_no_order_time(
    extracts: Extracts, staged: Read, time: str
) -> None:
    times = (f"{time}T23:59:59Z", "2000-01-01T00:00:00Z", "9999-12-31T00:00:00Z")
    records = [order(id=str(n + 1), date_created=at) for n, at in enumerate(times)]
    extracts.write(f"{ORDERS}.jsonl", json_lines(records))
    result = staged()
    assert result.column("id") == ["2", "3"]
    assert [(row["record_key"], row["reason"]) for row in result.rejects] == [
        ("1", "date_created is no order time: the order is in no window"),
        ("3", "a time after the load: the order is in no window"),
    ]


@pytest.mark.parametrize("day", ["2026-04-09", " 2026-04-09 ", "2026-04-09T", "20260409"])
def test_a_date_is_no_order_time(extracts: Extracts, staged: Read, day: str) -> None:
    """Midnight of which zone? An order would be in the wrong window, so it is refused and said."""
    records = [order(id="1", date_created="20260409T140322Z"), order(id="2", date_created=day)]
    extracts.write(f"{ORDERS}.jsonl", json_lines(records))
    result = staged()
    assert result.column("_ordered_at") == [datetime(2026, 4, 9, 14, 3, 22)]
    ((key, reason),) = [(row["record_key"], row["reason"]) for row in result.rejects]
    what = "a date without a time of day" if len(day.strip()) == 10 and "-" in day else "not a time"
    assert (key, reason) == ("2", f"date_created is {what}: the order is in no window")


@pytest.mark.parametrize("earlier", ["drop table spelling", "update spelling set rules = 'old'"])
def test_rows_of_an_earlier_version_get_the_one_spelling(extracts: Extracts, earlier: str) -> None:
    """An installed warehouse may have 811 and 811.0, and accounts called nan. It is read once."""
    with raw.connect(extracts.target) as con:
        raw.create_tables(con)
        con.execute(
            "insert into raw_bigcommerce.customers by name select * from (values"
            " ('a', '811.0', 'new@x.test', timestamp '2026-04-02', '2'),"
            " ('a', '811', 'old@x.test', timestamp '2026-04-01', '1'),"
            " ('b', '811', 'b@x.test', null, '1'), ('a', 'nan', 'n@x.test', null, '1'))"
            " as t(instance, id, email, _version_at, _dlt_load_id)"
        )
        raw.create_tables(con)
        found = "select instance, id, email from raw_bigcommerce.customers order by all"
        assert len(con.execute(found).fetchall()) == 4, "read again, though nothing has changed"
        con.execute(earlier.replace("spelling", "raw_load.spelling", 1))
        raw.create_tables(con)
        assert con.execute(found).fetchall() == [
            ("a", "811", "new@x.test"),
            ("b", "811", "b@x.test"),
        ]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", ["sales_orders", "free_text_invoices"])
def test_a_document_in_other_letters_is_the_same_document(
    extracts: Extracts, staged: Read, name: str, kind: str
) -> None:
    """The later record is the document: a cancelled one must not count in its older spelling."""
    resource = BY_NAME["d365_fo", name]
    company, number = resource.key
    status = resource.needs[0].fields[0]
    spelled = [
        ("ustr", "SO-3"),
        ("USTR", "so-3"),
        (" Ustr ", " So-3\u00a0"),
        ("ustr", "7.0"),
        ("ustr", "7"),
    ]
    documents = [
        filled(resource, **{company: area, number: text, status: str(place)})
        for place, (area, text) in enumerate(spelled)
    ]
    write(extracts, f"d365_fo/s/{name}", kind, documents)
    columns = (*resource.key_columns, snake_case(status))
    found = {tuple(row[column] for column in columns) for row in staged().rows}
    assert found == {("ustr", "SO-3", "2"), ("ustr", "7", "4")}
