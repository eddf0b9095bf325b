"""Exports of admin pages, lists and other loaders: a shape gives their rows the declared fields."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from extract_folder import Extracts, StagedRows

from pipelines.load.discovery import find_extracts
from pipelines.load.shapes import shapes
from pipelines.settings import PROJECT, InputError

Read = Callable[[], StagedRows]
ORDER_COLUMNS = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,"
    "Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,"
    "Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,"
    "Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,"
    "Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,"
    "Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,"
    "Lineitem discount,Tax 1 Name,Tax 1 Value,Phone,Receipt Number,Duties,Billing Province Name,"
    "Shipping Province Name,Payment ID,Payment Terms Name,Next Payment Due At,Payment References"
).split(",")
ORDER = {
    "Name": "#1001",
    "Email": "Anna@Wald.example",
    "Financial Status": "partially_refunded",
    "Fulfillment Status": "partial",
    "Currency": "EUR",
    "Subtotal": "100.00",
    "Taxes": "19.00",
    "Total": "119.00",
    "Refunded Amount": "20.50",
    "Created at": "2026-04-09 14:03:22 +0200",
    "Billing Name": "Anna Wald",
    "Billing Company": "Wald GmbH",
    "Billing Address1": "Waldweg 1",
    "Billing City": "Köln",
    "Billing Zip": "'50667",
    "Billing Country": "DE",
    "Shipping Country": "AT",
    "Id": "5512345678901",
    "Tags": "b2b, vip",
    "Source": "web",
    "Lineitem name": "Table",
}


def as_csv(columns: list[str], rows: list[dict[str, Any]], separator: str = ",") -> str:
    def cell(value: Any) -> str:
        text = "" if value is None else str(value)
        return '"' + text.replace('"', '""') + '"' if set(text) & set(f'\n"{separator}') else text

    lines = [columns, *([row.get(column) for column in columns] for row in rows)]
    return "".join(separator.join(map(cell, line)) + "\n" for line in lines)


def orders(*rows: dict[str, Any], separator: str = ",") -> str:
    return as_csv(ORDER_COLUMNS, list(rows), separator)


def line(item: str, name: str = "#1001") -> dict[str, Any]:
    """A further row of an order."""
    return {
        "Name": name,
        "Email": "Anna@Wald.example",
        "Created at": ORDER["Created at"],
        "Lineitem name": item,
    }


ANOTHER_LIST = (
    ", so it is not the customer list of Business Central: export the list Customers; if it is that"
    " list, call it so and show its column Sales (LCY)"
)


def workbook(path: Path, rows: list[list[Any]], sheet: str = "Sheet") -> None:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def test_admin_orders_take_several_rows(extracts: Extracts, staged: Read) -> None:
    second = {
        **ORDER,
        "Name": "#1002",
        "Id": "5512345678902",
        "Email": None,
        "Refunded Amount": "0.00",
    }
    extracts.write(
        "shopify/de/orders.csv",
        orders(ORDER, line("Chair\n4 legs, oak"), line('1" screw'), second, line("x", "#1002")),
    )
    result = staged()
    first, other = result.rows
    assert (result.staged.rows_read, result.staged.loaded, result.rejects) == (2, 2, [])
    texts = {name: value for name, value in first.items() if value and not value_is_json(value)}
    assert texts == {
        "id": "gid://shopify/Order/5512345678901",
        "name": "#1001",
        "email": "Anna@Wald.example",
        "created_at": "2026-04-09T12:03:22Z",
        "display_financial_status": "PARTIALLY_REFUNDED",
        "display_fulfillment_status": "PARTIALLY_FULFILLED",
        "currency_code": "EUR",
        "source_name": "web",
        "instance": "de",
        "_source_file": "shopify/de/orders.csv",
        "_record_number": 2,
        "_ordered_at": datetime(2026, 4, 9, 12, 3, 22),
    }
    assert json.loads(first["tags"]) == ["b2b", "vip"]
    moneys = [
        json.loads(first[f"{name}_set"])
        for name in ("current_total_price", "total_price", "total_tax")
    ]
    assert [float(money["shopMoney"]["amount"]) for money in moneys] == [98.5, 119.0, 19.0]
    assert {money["shopMoney"]["currencyCode"] for money in moneys} == {"EUR"}
    billing = json.loads(first["billing_address"])
    assert (billing["company"], billing["countryCodeV2"], billing["zip"]) == (
        "Wald GmbH",
        "DE",
        "50667",
    )
    assert (other["name"], other["email"], other["_record_number"]) == ("#1002", None, 6)
    assert first["customer"] is None and first["purchasing_entity"] is None
    note = " ".join(result.staged.warnings)
    assert "is the orders export of the Shopify admin; it has no customer and no company" in note
    assert "this file has no" not in note
    assert len(result.staged.unread) == len(ORDER_COLUMNS) - 30
    assert {"Subtotal", "Device ID"} < {*result.staged.unread}


def value_is_json(value: Any) -> bool:
    return str(value).startswith(("{", "["))


@pytest.mark.parametrize(
    ("separator", "head"), [(";", "sep=;\n"), (",", "\ufeff"), ("\t", ""), (";", "\ufeff")]
)
def test_admin_orders_after_a_spreadsheet(
    extracts: Extracts, staged: Read, separator: str, head: str
) -> None:
    """Decimal commas, dates as a spreadsheet in German writes them, other letters, no column Id."""
    changed = {
        **ORDER,
        "Total": "1.119,00",
        "Refunded Amount": "",
        "Created at": "09.04.2026 14:03",
    }
    columns = [name for name in ORDER_COLUMNS if name != "Id"]
    text = as_csv(columns, [changed], separator).replace("Financial Status", "FINANCIAL STATUS", 1)
    extracts.write("shopify/de/orders_export_1.csv", head + text)
    result = staged()
    assert result.column("id") == ["#1001"]
    assert result.column("created_at") == ["2026-04-09T14:03:00Z"]
    total = json.loads(result.rows[0]["current_total_price_set"])["shopMoney"]["amount"]
    assert float(total) == 1119
    assert "this file has no Id" in " ".join(result.staged.warnings)


def test_a_bad_record_of_a_shape_is_rejected(extracts: Extracts, staged: Read) -> None:
    """A row with too few cells, an order without a time, an order without an amount."""
    untimed = {**ORDER, "Name": "#2", "Id": "2", "Created at": ""}
    unpaid = {**ORDER, "Name": "#3", "Id": "3", "Total": ""}
    extracts.write("shopify/de/orders.csv", orders(ORDER, untimed, unpaid) + "#4,x\n")
    result = staged()
    assert {(one["record_number"], one["reason"]) for one in result.rejects} == {
        (3, "no createdAt: the order is in no window"),
        (4, "no value: the amount is not known"),
        (5, "2 cells where the header has 71"),
    }
    assert result.staged.loaded == 2


def test_orders_of_two_shops_and_two_files(extracts: Extracts) -> None:
    extracts.write("shopify/de/orders_export_1.csv", orders(ORDER))
    extracts.write("shopify/de/orders_export_2.csv", orders({**ORDER, "Name": "#2", "Id": "2"}))
    extracts.write("shopify/fr/orders_export_1.csv", orders({**ORDER, "Name": "#3", "Id": "1"}))
    report = extracts.load()
    assert not report.problems
    assert extracts.rows("select instance, name from raw_shopify.orders order by all") == [
        ("de", "#1001"),
        ("de", "#2"),
        ("fr", "#3"),
    ]
    assert [result.outcome for result in extracts.load().results] == ["unchanged", "unchanged"]


CUSTOMERS = """Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,Default Address Address2,Default Address City,Default Address Province Code,Default Address Country Code,Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags
'7210448301122,Anna,Wald,anna@wald.example,yes,Wald GmbH,Waldweg 1,,Köln,NW,DE,'50667,'+49 221 1,,no,119.00,1,"two
lines",yes,"retail, ERP:T911"
7210448301123,,Nord,nord@x.example,no,,,,,,,,,,no,0.00,0,,no,
"""


def test_admin_customers(extracts: Extracts, staged: Read) -> None:
    extracts.write("shopify/de/customers_export.csv", CUSTOMERS)
    first, other = staged().rows
    assert (first["id"], first["display_name"], first["tax_exempt"]) == (
        "gid://shopify/Customer/7210448301122",
        "Anna Wald",
        "true",
    )
    assert json.loads(first["tags"]) == ["retail", "ERP:T911"]
    assert json.loads(first["default_address"])["zip"] == "50667"
    assert (other["display_name"], other["tags"], other["default_address"]) == ("Nord", None, None)


ENGLISH = "No.,Name,Phone No.,Contact,Balance (LCY),Blocked,Email,VAT Registration No.,Country/Region Code,Post Code,ERP Group"
GERMAN = "Nr.,Name,Telefonnr.,Kontakt,Saldo (MW),Gesperrt,E-Mail,USt-IdNr.,Länder-/Regionscode,PLZ-Code,ERP Group"
FRENCH = "N°,Nom,N° téléphone,Contact,Solde,Bloqué,E-mail,N° TVA,Code pays,Code postal,ERP Group"


def list_rows(header: str, blocked: str) -> list[list[Any]]:
    return [
        header.split(","),
        [
            "D10000",
            "Wald GmbH",
            "+49 221 1",
            None,
            1234.5,
            " ",
            "anna@wald.example",
            "DE136695976",
            "DE",
            "01067",
            "A1",
        ],
        [20000, "Süd & Söhne", None, "Eva", 0, blocked, None, None, "AT", 1010, None],
        [None] * 11,
    ]


@pytest.mark.parametrize("kind", ["xlsx", "csv", "csv ;"])
@pytest.mark.parametrize(("header", "blocked"), [(ENGLISH, "All"), (GERMAN, "Alle")])
def test_list_of_business_central(
    extracts: Extracts, staged: Read, header: str, blocked: str, kind: str
) -> None:
    rows = list_rows(header, blocked)
    if kind == "xlsx":
        workbook(extracts.root / "d365_bc/cronus/Debitoren (1).xlsx", rows)
    else:
        named = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        extracts.write("d365_bc/cronus/Customers.csv", as_csv(rows[0], named, kind[4:] or ","))
    first, other = staged().rows
    found = (
        "id",
        "number",
        "display_name",
        "email",
        "tax_registration_number",
        "country",
        "postal_code",
        "blocked",
    )
    assert [first[name] for name in found] == [
        *("D10000", "D10000", "Wald GmbH", "anna@wald.example", "DE136695976", "DE", "01067", None)
    ]
    assert [other[name] for name in found] == [
        *("20000", "20000", "Süd & Söhne", None, None, "AT", "1010", "All")
    ]
    record = json.loads(first["record"])
    assert (record["erp group"], record["number"], record["email"]) == (
        "A1",
        "D10000",
        "anna@wald.example",
    )
    assert other["_record_number"] == 3
    note = " ".join(staged().staged.warnings)
    assert "is the customer list of Business Central" in note
    assert note.endswith("this file has no Currency Code.")


def test_a_list_without_a_needed_caption_names_the_nearest_form(
    extracts: Extracts, staged: Read
) -> None:
    extracts.write("d365_bc/cronus/customers.csv", "Name,Contact,Blocked\nWald,Anna,\n")
    with pytest.raises(InputError) as refused:
        staged()
    assert str(refused.value).endswith(
        "d365_bc/cronus/customers.csv: the column id is missing; the nearest form is the customer list of"
        " Business Central, which needs No.: show the column in the list (Personalize), then Share, Open in Excel."
    )


def test_a_company_adds_a_shape(
    extracts: Extracts, staged: Read, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """French captions, by editing one list; and a form of its own; a wrong one is named."""
    folder = tmp_path / "company/shapes"
    folder.mkdir(parents=True)
    monkeypatch.setenv("SHAPES_DIR", str(folder))
    shipped = next(one for one in shapes() if one.path.name == "bc_customer_list.sql").path
    text = (
        shipped.read_text("utf-8")
        .replace("No. | No", "No. | N°")
        .replace("Name | Name\n", "Name | Nom\n")
    )
    (folder / "bc_customer_list.sql").write_text(text, "utf-8")
    workbook(extracts.root / "d365_bc/cronus/Clients.xlsx", list_rows(FRENCH, "Tous"))
    result = staged()
    assert result.column("id") == ["D10000", "20000"]
    (folder / "bc_customer_list.sql").write_text(text.replace('as "id"', 'as "ident"'), "utf-8")
    with pytest.raises(
        InputError, match=r"bc_customer_list.sql: it must give id, .*check id and ident"
    ):
        staged()
    (folder / "bc_customer_list.sql").write_text("/* what = */ select 1", "utf-8")
    with pytest.raises(InputError, match=r"bc_customer_list.sql: its head, a comment in TOML"):
        staged()


def test_data_management_files(extracts: Extracts) -> None:
    """The company is the name of the folder; headers in capitals; times month first."""
    extracts.write(
        "d365_fo/USTR/Customers V3.csv",
        "CUSTOMERACCOUNT,ORGANIZATIONNAME,ONHOLDSTATUS,PARTYTYPE,SALESCURRENCYCODE,OURFIELD\nUS-1,Acme,No,Organization,USD,x\n",
    )
    extracts.write(
        "d365_fo/ustr/Sales order headers V2.csv".replace("ustr", "USTR"),
        "SALESORDERNUMBER,SALESORDERSTATUS,ORDERCREATIONDATETIME\nSO-1,Backorder,04/09/2026 02:03:22 PM\n",
    )
    report = extracts.load()
    assert not report.problems
    assert extracts.rows(
        "select lower(data_area_id), customer_account, organization_name, json_extract_string(record, '$.ourfield')"
        " from raw_d365_fo.customers"
    ) == [("ustr", "US-1", "Acme", "x")]
    assert extracts.rows(
        "select data_area_id, order_creation_date_time from raw_d365_fo.sales_orders"
    ) == [("ustr", "2026-04-09T14:03:22Z")]
    assert "it has no company: that is the name of its folder" in " ".join(extracts.output.split())


REST = {
    "id": 5512345678901,
    "admin_graphql_api_id": "gid://shopify/Order/5512345678901",
    "name": "#1001",
    "created_at": "2026-04-09T14:03:22+02:00",
    "updated_at": "2026-04-10T08:00:01+02:00",
    "cancelled_at": None,
    "test": False,
    "tags": "b2b, vip",
    "email": "anna@wald.example",
    "currency": "EUR",
    "financial_status": "paid",
    "fulfillment_status": None,
    "total_price": "119.00",
    "total_tax": "19.00",
    "current_total_price": "119.00",
    "current_total_price_set": {
        "shop_money": {"amount": "119.00", "currency_code": "EUR"},
        "presentment_money": {"amount": "114.24", "currency_code": "CHF"},
    },
    "note_attributes": [{"name": "vat", "value": "DE1"}],
    "customer": {"id": 7, "email": "anna@wald.example"},
    "billing_address": {"company": "Wald GmbH", "country_code": "DE", "zip": "50667"},
    "company": {"id": 3, "location_id": 4},
}


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
@pytest.mark.parametrize("more", [{}, {"_airbyte_raw_id": "x", "_airbyte_extracted_at": "y"}])
def test_rest_orders(extracts: Extracts, staged: Read, ending: str, more: dict[str, str]) -> None:
    file = extracts.write(
        "shopify/de/orders.jsonl",
        [REST | more, REST | more | {"id": 2, "customer": None, "billing_address": None}],
    )
    if ending == "parquet":
        duckdb.sql(f"from read_json('{file}')").write_parquet(str(file.with_suffix(".parquet")))
        file.unlink()
    row, guest = staged().rows
    assert row["id"] == "gid://shopify/Order/5512345678901"
    assert (row["display_financial_status"], row["test"]) == ("PAID", "false")
    assert row["_version_at"] == datetime(2026, 4, 10, 6, 0, 1)
    current = json.loads(row["current_total_price_set"])
    assert current["presentmentMoney"] == {"amount": "114.24", "currencyCode": "CHF"}
    assert json.loads(row["total_tax_set"])["shopMoney"] == {
        "amount": "19.00",
        "currencyCode": "EUR",
    }
    assert json.loads(row["customer"])["id"] == "gid://shopify/Customer/7"
    assert json.loads(row["purchasing_entity"])["company"]["id"] == "gid://shopify/Company/3"
    assert json.loads(row["billing_address"])["countryCodeV2"] == "DE"
    assert json.loads(row["custom_attributes"]) == [{"key": "vat", "value": "DE1"}]
    assert json.loads(row["tags"]) == ["b2b", "vip"]
    assert (guest["customer"], guest["billing_address"]) == (None, None)


def test_rest_customers_and_fivetran(extracts: Extracts) -> None:
    extracts.write(
        "shopify/de/customers.jsonl",
        [
            {
                "id": 7,
                "created_at": "2026-01-01T00:00:00Z",
                "updated_at": "2026-01-02T00:00:00Z",
                "first_name": "Anna",
                "last_name": "Wald",
                "email": "a@x.example",
                "tags": "",
                "default_address": {"country_code": "DE"},
            }
        ],
    )
    flat = {
        **{
            name: REST[name]
            for name in ("id", "name", "created_at", "updated_at", "test", "email", "currency")
        },
        **{"financial_status": "paid", "total_price": 119.0, "total_tax": 19.0, "customer_id": 7},
        **{"billing_address_company": "Wald GmbH", "billing_address_country_code": "DE"},
        **{"_fivetran_synced": "2026-04-11T00:00:00Z", "_fivetran_deleted": False},
    }
    columns = list(flat)
    gone = flat | {"id": 2, "_fivetran_deleted": True}
    extracts.write("shopify/de/order.csv", as_csv(columns, [flat, gone]))
    report = extracts.load()
    assert not report.problems
    assert extracts.rows(
        "select id, json_extract_string(customer, '$.id'), json_extract_string(billing_address, '$.countryCodeV2')"
        " from raw_shopify.orders"
    ) == [("gid://shopify/Order/5512345678901", "gid://shopify/Customer/7", "DE")]
    assert extracts.rows("select id, display_name from raw_shopify.customers") == [
        ("gid://shopify/Customer/7", "Anna Wald")
    ]


BIG = {
    "Order ID": "101",
    "Customer ID": "7",
    "Customer Name": "Anna Wald",
    "Customer Email": "anna@wald.example",
    "Order Date": "04/09/2026",
    "Order Time": "14:03:22",
    "Order Status": "Awaiting Fulfillment",
    "Order Total (inc tax)": "1,119.00",
    "Order Total (ex tax)": "1,100.00",
    "Order Currency Code": "USD",
    "Billing Country": "United States",
}


@pytest.mark.parametrize(
    ("other_date", "expected"),
    [("04/30/2026", "2026-04-09T14:03:22Z"), ("30/04/2026", "2026-09-04T14:03:22Z")],
)
def test_bigcommerce_orders(
    extracts: Extracts, staged: Read, other_date: str, expected: str
) -> None:
    rows = [BIG, BIG | {"Order ID": "102", "Order Date": other_date}]
    extracts.write("bigcommerce/us/orders-2026-04-12.csv", as_csv(list(BIG), rows))
    row = staged().rows[0]
    found = (
        "id",
        "customer_id",
        "date_created",
        "status_id",
        "total_inc_tax",
        "default_currency_code",
    )
    assert [row[name] for name in found] == [
        "101",
        "7",
        expected,
        "Awaiting Fulfillment",
        "1119.00",
        "USD",
    ]
    assert json.loads(row["billing_address"])["email"] == "anna@wald.example"


GRID = {
    "ID": "000000101",
    "Purchase Point": "Main Website",
    "Purchase Date": "Apr 9, 2026 2:03:22 PM",
    "Bill-to Name": "Anna Wald",
    "Grand Total (Base)": "€1,119.00",
    "Grand Total (Purchased)": "€1,119.00",
    "Status": "Pending Payment",
    "Customer Email": "anna@wald.example",
}


def test_adobe_orders(extracts: Extracts, staged: Read) -> None:
    extracts.write("adobe_commerce/eu/export.csv", as_csv(list(GRID), [GRID] * 3))
    row = staged().rows[0]
    found = (
        "entity_id",
        "created_at",
        "state",
        "grand_total",
        "order_currency_code",
        "customer_email",
    )
    assert [row[name] for name in found] == [
        *(
            "000000101",
            "2026-04-09T14:03:22Z",
            "pending payment",
            "1119.00",
            "EUR",
            "anna@wald.example",
        )
    ]
    dollars = [GRID | {"ID": str(at), "Grand Total (Purchased)": "$5.00"} for at in range(3)]
    extracts.write("adobe_commerce/eu/export.csv", as_csv(list(GRID), dollars))
    with pytest.raises(
        InputError, match=r"the currency.* is empty in every record; .*a column Currency"
    ):
        staged()


def test_files_in_the_wrong_place_are_asked_about(extracts: Extracts) -> None:
    """Above the instance, above the source, in a folder that names a shop only."""
    extracts.write("orders_export_1.csv", orders(ORDER))
    extracts.write("My Shop/orders_export_1.csv", orders(ORDER))
    extracts.write("shopify/customers_export.csv", CUSTOMERS)
    workbook(extracts.root / "d365_bc/Customers (3).xlsx", list_rows(ENGLISH, "All"))
    report = extracts.load()
    root, place = extracts.root, "<shop, store, tenant or company>"
    assert sorted(report.problems) == sorted(
        [
            f"{root}/orders_export_1.csv is the orders export of the Shopify admin: move it to"
            f" {root}/shopify/{place}/orders_export_1.csv.",
            f"{root}/My Shop/orders_export_1.csv is the orders export of the Shopify admin: move it to"
            f" {root}/shopify/My Shop/orders_export_1.csv.",
            f"{root}/shopify/customers_export.csv is the customers export of the Shopify admin: move it to"
            f" {root}/shopify/{place}/customers_export.csv.",
            f"{root}/d365_bc/Customers (3).xlsx is the customer list of Business Central: move it to"
            f" {root}/d365_bc/{place}/Customers (3).xlsx.",
        ]
    )
    assert not report.results


def test_two_lists_of_one_company_are_asked_about(extracts: Extracts) -> None:
    """A list is whole: an older one would bring back customers that were deleted."""
    for name in ("Debitoren", "Debitoren (1)"):
        workbook(extracts.root / f"d365_bc/cronus/{name}.xlsx", list_rows(ENGLISH, "All"))
    (problem,) = extracts.load().problems
    assert (
        "Debitoren (1).xlsx and Debitoren.xlsx both contain customers; keep one of them" in problem
    )
    workbook(extracts.root / "d365_bc/cronus/customers.xlsx", list_rows(ENGLISH, "All"))
    report = extracts.load()
    assert not report.problems and [one.outcome for one in report.results] == ["loaded"]
    reason = "customers has a file of its own name; rename this one if it is a part"
    assert report.ignored == [
        f"d365_bc/cronus/Debitoren (1).xlsx: {reason}",
        f"d365_bc/cronus/Debitoren.xlsx: {reason}",
    ]


@pytest.mark.parametrize("inner", ["shopify", "shopify/de"])
def test_a_folder_that_is_given_too_low(extracts: Extracts, inner: str) -> None:
    extracts.write("shopify/de/orders_export_1.csv", orders(ORDER))
    with pytest.raises(InputError, match="is the folder of one"):
        find_extracts(extracts.root / inner)


def test_most_columns_unread_are_counted(extracts: Extracts) -> None:
    extracts.write("shopify/us/customers.csv", "id,email,a,b,c\n1,a@x.example,1,2,3\n")
    extracts.load()
    output = " ".join(extracts.output.split())
    assert "loaded: 3 fields not needed" in output
    assert (
        "shopify/us/customers: no card needs these fields, so they are not loaded: a, b, c"
        in output
    )
    assert "WARNING" in output and "3 of its 5 fields are not needed: is it another form?" in output


def test_a_workbook_that_is_none(extracts: Extracts, staged: Read) -> None:
    extracts.write("d365_bc/cronus/customers.xlsx", "No.,Name\n1,x\n")
    with pytest.raises(InputError, match="no workbook"):
        staged()
    workbook(extracts.root / "d365_bc/cronus/customers.xlsx", list_rows(ENGLISH, "All"))
    whole = (extracts.root / "d365_bc/cronus/customers.xlsx").read_bytes()
    middle = len(whole) // 3
    for damaged in (
        whole[:middle],
        whole[:middle] + b"x" * 50 + whole[middle + 50 :],
        b"PK\x03\x04",
    ):
        extracts.write("d365_bc/cronus/customers.xlsx", damaged)
        with pytest.raises(InputError, match="a damaged one"):
            staged()


ANSWERS = {
    "REST": lambda one: {"orders": [one]},
    "a list": lambda one: [one],
    "OData": lambda one: {"@odata.context": "x", "value": [one]},
    "GraphQL": lambda one: {
        "data": {"orders": {"edges": [{"node": one}]}},
        "extensions": {"cost": {}},
    },
    "one record": lambda one: one,
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer_of_an_api_as_it_came(extracts: Extracts, staged: Read, kind: str) -> None:
    text = json.dumps(ANSWERS[kind](REST), indent=2).replace('"119.00"', "12345678901234567.89", 1)
    extracts.write("shopify/de/orders.json", text)
    (row,) = staged().rows
    assert (row["name"], row["display_financial_status"]) == ("#1001", "PAID")
    assert json.loads(row["total_price_set"])["shopMoney"]["amount"] == "12345678901234567.89"
    extracts.write("shopify/de/orders.json", text[:-9])
    with pytest.raises(InputError, match=r"orders\.json is not valid JSON"):
        staged()


def pipelines(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipelines", *map(str, arguments)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_two_exports_give_a_headline(extracts: Extracts) -> None:
    """Orders of the Shopify admin and a customer list of Business Central, as they come, and what
    `init` proposes: eight buyers are customers, four are not, and three orders do not count."""

    def bought(number: int, **changed: Any) -> dict[str, Any]:
        own = {
            "Name": f"#{number}",
            "Id": 55000 + number,
            "Email": f"c{number}@firma{number}.example",
        }
        money = {"Financial Status": "paid", "Refunded Amount": "0.00", "Shipping Country": "DE"}
        return ORDER | own | money | {"Created at": "2026-04-08 10:00:00 +0200"} | changed

    rows = [row for at in range(1, 13) for row in (bought(at), line("Chair\n4 legs", f"#{at}"))]
    rows.append(bought(20, **{"Created at": "2025-01-01 10:00:00 +0100"}))
    rows.append(bought(21, **{"Financial Status": "voided"}))
    rows.append(bought(22, **{"Cancelled at": "2026-04-09 12:00:00 +0200"}))
    extracts.write("shopify/wald/orders_export_1.csv", "\ufeff" + orders(*rows))
    header = ["Nr.", "Name", "E-Mail", "Gesperrt", "Währungscode", "Länder-/Regionscode"]
    known = [
        [f"D{at}", f"Firma {at}", f"C{at}@Firma{at}.example", None, None, "DE"]
        for at in range(1, 9)
    ]
    workbook(extracts.root / "d365_bc/cronus/Debitoren.xlsx", [header, *known])

    company = extracts.root.parent / "company"
    assert pipelines("init", company, "--extracts", extracts.root).returncode == 0
    done = pipelines("run", "--company", company, "--as-of", "2026-04-12")
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(extracts.target.published_marts), read_only=True) as con:
        assert con.execute(
            "select value, reporting_value, reporting_currency_code from cards.card_values where card_order = 1"
        ).fetchall() == [(4, 400, "EUR")]
        absent = con.execute(
            "select emails::varchar from worklist.onboarding_worklist order by 1"
        ).fetchall()
    assert [text for (text,) in absent] == [f"c{at}@firma{at}.example" for at in (10, 11, 12, 9)]


@pytest.mark.parametrize(
    ("column", "sign"),
    [
        *((name, f"has the column {name.lower()}") for name in (
            "Firmenname", "Business Relation", "Purchaser Code", "GuV/Bilanz", "Bankkontonr."
        )),
        ("Balance (LCY),Payments (LCY)", "has the column payments (lcy) but no sales (lcy)"),
    ],
)  # fmt: skip
def test_another_list_of_business_central_is_not_its_customers(
    extracts: Extracts, staged: Read, column: str, sign: str
) -> None:
    """Contacts, vendors, accounts and banks have No. and Name too: every customer would be absent."""
    text = f"Nr.,Name,E-Mail,{column}\n1,Wald,a@x.test,x{',x' * column.count(',')}\n"
    place = extracts.write("d365_bc/cronus/Liste.csv", text)
    (reason,) = extracts.load().ignored
    assert reason == f"d365_bc/cronus/Liste.csv: {sign}{ANOTHER_LIST}"
    place.rename(place.with_name("customers.csv"))
    with pytest.raises(InputError) as refused:
        staged()
    assert str(refused.value).endswith(f"customers.csv: {sign}{ANOTHER_LIST}.")


@pytest.mark.parametrize(
    ("name", "sheet", "title"),
    [("Vendors (2)", "Sheet", "Vendors (2)"), ("KREDITOREN", "x", "KREDITOREN"),
     ("Liste", "Kreditoren", "Kreditoren"), ("customers", "Vendors", "Vendors"),
     ("Debitoren", "Debitoren", ""), ("Our vendors' customers", "Tabelle1", "")],
)  # fmt: skip
def test_a_list_of_vendors_is_known_by_its_name(
    extracts: Extracts, name: str, sheet: str, title: str
) -> None:
    """With the default columns it is also a list of customers."""
    rows = [["No.", "Name", "Contact", "Sales (LCY)", "Payments (LCY)"], ["1", "Wald", "", 0, 0]]
    workbook(extracts.root / f"d365_bc/cronus/{name}.xlsx", rows, sheet)
    report = extracts.load()
    said = " ".join((*report.ignored, *report.problems))
    assert (f"{name}.xlsx: is called {title}{ANOTHER_LIST}" in said) == bool(title), said
    assert [one.rows_loaded for one in report.results if one.rows_loaded] == ([] if title else [1])


@pytest.mark.parametrize("name", ["customers", "Debitoren"])
@pytest.mark.parametrize("kind", ["xlsx", "csv", "csv ;"])
def test_captions_below_a_title(extracts: Extracts, name: str, kind: str) -> None:
    rows = [["Debitoren"], [], ["CRONUS AG", "2026"], *list_rows(GERMAN, "Alle")]
    if kind == "xlsx":
        workbook(extracts.root / f"d365_bc/cronus/{name}.xlsx", rows)
    else:
        lines = [(kind[4:] or ",").join(str(cell or "") for cell in row) for row in rows]
        extracts.write(f"d365_bc/cronus/{name}.csv", "\n".join(lines))
    report = extracts.load()
    (said,) = report.ignored + report.problems
    assert said.strip(".").endswith(
        f"d365_bc/cronus/{name}.{kind[:4].strip()}: is the customer list of Business Central, but its"
        " captions are in row 4, not in the first: delete the rows above them"
    )


def test_a_run_in_which_nothing_loads_stops(extracts: Extracts) -> None:
    extracts.write("d365_bc/cronus/customers.csv", "Name,Contact\nWald,Anna\n")
    extracts.write("shopify/wald/notes.csv", "a,b\n1,2\n")
    done = pipelines("run", "--extracts", extracts.root)
    assert done.returncode == 2
    assert "Not read: shopify/wald/notes.csv: neither its name nor its columns" in " ".join(
        done.stdout.split()
    )
    output = " ".join(done.stdout.split())
    assert "which needs No." in output
    assert done.stderr.endswith("nothing in it could be loaded; nothing is built.\n"), done.stderr
    assert not extracts.target.marts.exists()


def test_captions_of_another_language_name_the_form(extracts: Extracts, staged: Read) -> None:
    extracts.write("d365_bc/cronus/customers.csv", "Nº;Nombre;Contacto\n1;Sol;Ana\n")
    with pytest.raises(InputError) as refused:
        staged()
    assert str(refused.value).endswith(
        "it needs the fields of the API; or the customer list of Business Central (No., Name); or your own"
        " (docs/shapes.md)."
    )
