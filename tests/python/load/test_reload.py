"""A second load: skip, merge, replace, keep; all tables always exist."""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from extract_folder import Extracts, json_lines

from pipelines.duck import records_of, sql
from pipelines.load import raw
from pipelines.load.batches import load_answers, record_failure
from pipelines.load.discovery import Batch, InputFile
from pipelines.sources.tables import BY_NAME, RESOURCES, Mode

MASTER = "d365_fo/prod/customers"


def customer(account: str, entity: str = "ustr", name: str = "") -> dict[str, str]:
    ids = {"dataAreaId": entity, "CustomerAccount": account}
    return ids | {"OrganizationName": name, "OnHoldStatus": "No"}


def order(number: int, version: str, name: str = "") -> dict[str, object]:
    placed = {"createdAt": "2026-04-01T00:00:00Z"}
    return {"id": str(number), "updatedAt": version, "name": name} | placed


def accounts(extracts: Extracts) -> list[str]:
    sql = "select customer_account from raw_d365_fo.customers order by all"
    return [account for (account,) in extracts.rows(sql)]


def names(extracts: Extracts) -> list[tuple[str, str]]:
    return extracts.rows("select split_part(id, '/', 5), name from raw_shopify.orders order by all")


def test_every_declared_table_exists_after_any_load(extracts: Extracts) -> None:
    extracts.write("dataverse/prod/cdm_companies.jsonl", [{"cdm_companyid": "c"}])
    extracts.load()
    for resource in RESOURCES:
        described = extracts.rows(f"describe raw_{resource.source}.{resource.name}")
        assert [row[:2] for row in described] == list(resource.sql_columns)
    assert extracts.rows("select count(*) from raw_shopify.orders") == [(0,)]


def test_rows_carry_instance_file_record_and_load(extracts: Extracts) -> None:
    extracts.write("shopify/us/orders.jsonl", [order(1, "2026-04-01T00:00:00Z")])
    extracts.write("shopify/eu/orders.jsonl.gz", [order(1, "2026-04-01T00:00:00Z")])
    extracts.load()
    rows = extracts.rows(
        "select instance, _source_file, _record_number, _version_at from raw_shopify.orders "
        "order by instance"
    )
    moment = datetime(2026, 4, 1)
    assert rows == [
        ("eu", "shopify/eu/orders.jsonl.gz", 1, moment),
        ("us", "shopify/us/orders.jsonl", 1, moment),
    ]
    loads = extracts.rows("select distinct _dlt_load_id from raw_shopify.orders")
    assert loads == extracts.rows("select distinct load_id from raw_load.resource_loads")


def test_second_load_skips_what_is_known(
    extracts: Extracts, monkeypatch: pytest.MonkeyPatch
) -> None:
    extracts.write("shopify/us/orders.jsonl", [order(1, "2026-04-01T00:00:00Z")])
    extracts.write(f"{MASTER}.jsonl", [customer("C1")])
    extracts.load()
    before = (extracts.log(), extracts.rows("from raw_shopify.orders"))
    monkeypatch.setattr(raw, "run_dlt", lambda *_: pytest.fail("nothing has changed"))
    report = extracts.load()
    assert [result.outcome for result in report.results] == ["unchanged", "unchanged"]
    assert [result.row_count for result in report.results] == [1, 1]
    assert (extracts.log(), extracts.rows("from raw_shopify.orders")) == before
    assert "2 resources are unchanged" in extracts.output


def test_file_extracted_again_with_the_same_content_is_fresher(extracts: Extracts) -> None:
    file = extracts.write(f"{MASTER}.jsonl", [customer("C1")])
    os.utime(file, (1_775_000_000, 1_775_000_000))
    extracts.load()
    os.utime(file, (1_775_086_400, 1_775_086_400))
    extracts.load()
    loads = extracts.rows("select outcome, extracted_at from raw_load.resource_loads order by 2")
    assert loads == [
        ("loaded", datetime(2026, 3, 31, 23, 33, 20)),
        ("unchanged", datetime(2026, 4, 1, 23, 33, 20)),
    ]


def test_renamed_file_is_known_by_its_content(extracts: Extracts) -> None:
    extracts.write("shopify/us/orders.part-0001.jsonl", [order(1, "2026-04-01T00:00:00Z")])
    extracts.load()
    extracts.remove("shopify/us/orders.part-0001.jsonl")
    extracts.write("shopify/us/orders.part-0002.jsonl", [order(1, "2026-04-01T00:00:00Z")])
    assert extracts.load_one().outcome == "unchanged"


def test_same_content_in_another_instance_is_loaded(extracts: Extracts) -> None:
    extracts.write("shopify/us/orders.jsonl", [order(1, "2026-04-01T00:00:00Z")])
    extracts.load()
    extracts.write("shopify/eu/orders.jsonl", [order(1, "2026-04-01T00:00:00Z")])
    extracts.load()
    assert len(names(extracts)) == 2


def test_changed_file_merges_by_key(extracts: Extracts) -> None:
    extracts.write(
        "shopify/us/orders.jsonl",
        [order(1, "2026-04-01T00:00:00Z", "old"), order(2, "2026-04-01T00:00:00Z", "stays")],
    )
    extracts.load()
    extracts.write(
        "shopify/us/orders.jsonl",
        [order(1, "2026-04-02T00:00:00Z", "new"), order(3, "2026-04-02T00:00:00Z", "added")],
    )
    result = extracts.load_one()
    assert (result.rows_read, result.rows_loaded, result.row_count) == (2, 2, 3)
    assert names(extracts) == [("1", "new"), ("2", "stays"), ("3", "added")]


def test_only_new_parts_are_read(extracts: Extracts) -> None:
    extracts.write("shopify/us/orders.part-0001.jsonl", [order(1, "2026-04-01T00:00:00Z")])
    extracts.load()
    extracts.write("shopify/us/orders.part-0002.jsonl", [order(2, "2026-04-01T00:00:00Z")])
    assert extracts.load_one().rows_read == 1
    assert len(names(extracts)) == 2


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2026-04-01T00:00:00Z", "held"),
        ("2026-04-02T00:00:00Z", "arrives"),
        ("2026-04-03T00:00:00Z", "arrives"),
        ("", "arrives"),
        ("11/04/2026", "arrives"),
        ("2926-04-03T00:00:00Z", "held"),
    ],
)
def test_version_that_arrives_later(extracts: Extracts, version: str, expected: str) -> None:
    extracts.write("shopify/us/orders.jsonl", [order(1, "2026-04-02T00:00:00Z", "held")])
    extracts.write("shopify/eu/orders.jsonl", [order(1, "2026-04-09T00:00:00Z", "other shop")])
    extracts.load()
    extracts.write("shopify/us/orders.part-0002.jsonl", [order(1, version, "arrives")])
    extracts.remove("shopify/us/orders.jsonl")
    extracts.load()
    assert names(extracts) == [("1", expected), ("1", "other shop")]


def test_record_without_version_field_is_replaced_by_the_later_file(extracts: Extracts) -> None:
    company = {"id": 1, "company_name": "Old"}
    extracts.write("adobe_commerce/main/companies.jsonl", [company])
    extracts.load()
    extracts.write("adobe_commerce/main/companies.jsonl", [company | {"company_name": "New"}])
    extracts.load()
    assert extracts.rows("select company_name from raw_adobe_commerce.companies") == [("New",)]


@pytest.mark.parametrize("stored", ["2926-04-10T00:00:00Z", None, "soon"])
def test_version_after_a_stored_one_that_cannot_be_compared(
    extracts: Extracts, stored: str | None
) -> None:
    """An export without the change time, or a wrong clock, freezes no record."""
    extracts.write("shopify/us/orders.jsonl", [order(1, stored, "old")])
    extracts.load()
    extracts.write("shopify/us/orders.jsonl", [order(1, "2026-04-02T00:00:00Z", "new")])
    extracts.load()
    assert names(extracts) == [("1", "new")]


def test_time_of_change_after_the_load_is_listed(extracts: Extracts) -> None:
    extracts.write("shopify/us/orders.jsonl", [order(1, "2026-04-02T00:00:00Z", "right")])
    extracts.load()
    extracts.write("shopify/us/orders.jsonl", [order(1, "2926-04-02T00:00:00Z", "wrong")])
    extracts.load()
    assert names(extracts) == [("1", "right")]
    rejects = extracts.rows(
        "select record_key, value, reason from raw_load.rejects where column_name = 'updatedAt'"
    )
    reason = "a time after the load: this version replaces no other"
    assert rejects == [("1", "2926-04-02T00:00:00Z", reason)]


def test_deleted_master_row_is_gone(extracts: Extracts) -> None:
    extracts.write(f"{MASTER}.jsonl", [customer("C1"), customer("C2"), customer("C2", "catr")])
    extracts.write("d365_fo/test/customers.jsonl", [customer("T1")])
    extracts.load()
    extracts.write(f"{MASTER}.jsonl", [customer("C1"), customer("C2", "catr")])
    extracts.load()
    assert accounts(extracts) == ["C1", "C2", "T1"]


def test_part_of_a_master_changes_appears_disappears(extracts: Extracts) -> None:
    extracts.write(f"{MASTER}.part-0001.jsonl", [customer("C1")])
    extracts.write(f"{MASTER}.part-0002.jsonl", [customer("C2")])
    extracts.load()
    extracts.write(f"{MASTER}.part-0002.jsonl", [customer("C3")])
    extracts.load()
    assert accounts(extracts) == ["C1", "C3"]
    extracts.write(f"{MASTER}.part-0003.jsonl", [customer("C4")])
    extracts.load()
    assert accounts(extracts) == ["C1", "C3", "C4"]
    extracts.remove(f"{MASTER}.part-0002.jsonl")
    extracts.load()
    assert accounts(extracts) == ["C1", "C4"]
    paths = extracts.rows("select path from raw_load.files order by 1")
    assert paths == [(f"{MASTER}.part-0001.jsonl",), (f"{MASTER}.part-0003.jsonl",)]


RATE = {"RateTypeName": "D", "FromCurrency": "CAD", "ToCurrency": "USD", "Rate": 1}
DOCUMENTS = {
    ("d365_fo", "sales_orders"): {"dataAreaId": "ustr", "SalesOrderStatus": "Backorder"},
    ("d365_fo", "free_text_invoices"): {"dataAreaId": "ustr", "IsPosted": "Yes"},
    ("d365_fo", "exchange_rates"): RATE,
    ("d365_bc", "sales_orders"): {"status": "Open"},
    ("d365_bc", "sales_invoices"): {"status": "Open"},
    ("d365_bc", "currency_exchange_rates"): {
        **{"currencyCode": "CAD", "startingDate": "2026-01-01"},
        **{"exchangeRateAmount": 100, "relationalExchangeRateAmount": 73},
    },
}


def document(source: str, name: str, key: str) -> dict[str, object]:
    return DOCUMENTS[source, name] | {BY_NAME[source, name].key[-1]: key}


@pytest.mark.parametrize(("source", "name"), DOCUMENTS, ids=lambda part: part)
def test_extract_of_documents_is_whole(extracts: Extracts, source: str, name: str) -> None:
    """Missing rows are deleted, also when the file is empty; the parts form the table."""
    key_column = BY_NAME[source, name].key_columns[-1]

    def keys() -> list[str]:
        sql = f"select {key_column} from raw_{source}.{name} where instance = 'a' order by 1"
        return [key for (key,) in extracts.rows(sql)]

    extracts.write(f"{source}/b/{name}.jsonl", [document(source, name, "B1")])
    extracts.write(f"{source}/a/{name}.part-1.jsonl", [document(source, name, "A1")])
    second = [document(source, name, key) for key in ("A2", "A3")]
    extracts.write(f"{source}/a/{name}.part-2.jsonl", second)
    extracts.load()
    extracts.write(f"{source}/a/{name}.part-2.jsonl", second[:1])
    extracts.load()
    assert keys() == ["A1", "A2"]
    extracts.remove(f"{source}/a/{name}.part-1.jsonl")
    extracts.write(f"{source}/a/{name}.part-2.jsonl", "")
    extracts.load()
    assert keys() == []
    assert [row[3] for row in extracts.log() if row[1] == "a"] == ["loaded"] * 3
    assert "has no records" in extracts.output
    assert "lacks" not in extracts.output, "a file of no record misses no field"
    assert extracts.rows(f"select count(*) from raw_{source}.{name}") == [(1,)]


def test_api_answer_of_documents_is_an_increment(extracts: Extracts) -> None:
    for key in ("S1", "S2"):
        sent = document("d365_fo", "sales_orders", key)
        assert answer(extracts, "d365_fo", "sales_orders", [sent]).row_count == int(key[1])
    assert answer(extracts, "d365_fo", "sales_orders", []).row_count == 2


def deliveries(extracts: Extracts) -> dict[str, datetime]:
    return dict(extracts.rows("select path, modified_at from raw_load.files"))


@pytest.mark.parametrize("name", ["d365_fo/prod/customers", "shopify/us/orders"])
def test_delivery_time_of_a_file_moves_on_without_its_content(
    extracts: Extracts, name: str
) -> None:
    """Each part has its own; an older copy of the same content changes nothing."""
    record = customer("C1") if "customers" in name else order(1, "2026-04-01T00:00:00Z")
    first, second = (f"{name}.part-{number}.jsonl" for number in (1, 2))
    day = 86_400

    def deliver(path: str, at: int) -> None:
        os.utime(extracts.root / path, (at, at))

    extracts.write(first, [record])
    extracts.write(second, "")
    deliver(first, day)
    deliver(second, 5 * day)
    extracts.load()
    deliver(first, 3 * day)
    extracts.load()
    expected = {first: datetime(1970, 1, 4), second: datetime(1970, 1, 6)}
    assert deliveries(extracts) == expected
    deliver(first, 2 * day)
    extracts.load()
    assert deliveries(extracts) == expected


def test_delivery_time_of_a_renamed_file_stays_with_its_rows(extracts: Extracts) -> None:
    first, second = (f"shopify/us/orders.part-{number}.jsonl" for number in (1, 2))
    extracts.write(first, [order(1, "2026-04-01T00:00:00Z")])
    os.utime(extracts.root / first, (0, 0))
    extracts.load()
    (extracts.root / first).rename(extracts.root / second)
    os.utime(extracts.root / second, (86_400, 86_400))
    extracts.load()
    assert deliveries(extracts) == {first: datetime(1970, 1, 2)}
    assert extracts.rows("select _source_file from raw_shopify.orders") == [(first,)]


def test_delivery_time_of_a_refused_file_is_that_of_its_rows(extracts: Extracts) -> None:
    file = extracts.write(f"{MASTER}.jsonl", [customer("C1")])
    os.utime(file, (0, 0))
    extracts.load()
    extracts.write(f"{MASTER}.jsonl", '{"dataAreaId": "ustr", "CustomerAcc')
    assert not extracts.load().is_ok
    assert deliveries(extracts) == {f"{MASTER}.jsonl": datetime(1970, 1, 1)}


def test_the_known_file_after_a_refused_one_makes_the_resource_good_again(
    extracts: Extracts,
) -> None:
    file = extracts.write(f"{MASTER}.jsonl", [customer("C1")])
    os.utime(file, (0, 0))
    extracts.load()
    extracts.write(f"{MASTER}.jsonl", '{"dataAreaId": "ustr", "CustomerAcc')
    assert not extracts.load().is_ok
    file = extracts.write(f"{MASTER}.jsonl", [customer("C1")])
    os.utime(file, (0, 0))
    assert extracts.load_one().outcome == "unchanged"
    extracts.load()
    loads = extracts.rows("select outcome from raw_load.resource_loads order by loaded_at")
    assert [outcome for (outcome,) in loads] == ["loaded", "failed", "unchanged"]


def test_master_whose_files_are_gone_stays(extracts: Extracts) -> None:
    extracts.write(f"{MASTER}.jsonl", [customer("C1")])
    extracts.write("d365_fo/prod/legal_entities.jsonl", [{"LegalEntityId": "ustr"}])
    extracts.load()
    extracts.remove(f"{MASTER}.jsonl")
    extracts.load()
    assert accounts(extracts) == ["C1"]


@pytest.mark.parametrize("empty", ["", "\n"])
def test_empty_master_keeps_the_old_rows_and_says_so(extracts: Extracts, empty: str) -> None:
    extracts.write(f"{MASTER}.jsonl", [customer("C1"), customer("C2")])
    extracts.load()
    extracts.write(f"{MASTER}.jsonl", empty)
    for _ in range(2):
        result = extracts.load_one()
        assert (result.outcome, result.row_count) == ("kept_old", 2)
        assert "the 2 rows of the last load stay" in extracts.output
    assert accounts(extracts) == ["C1", "C2"]
    assert [row[3] for row in extracts.log()] == ["loaded", "kept_old", "kept_old"]


def test_empty_master_of_a_new_instance_is_loaded(extracts: Extracts) -> None:
    extracts.write(f"{MASTER}.jsonl", [customer("C1")])
    extracts.load()
    extracts.write("d365_fo/new/customers.jsonl", "")
    extracts.load()
    assert [row[1:] for row in extracts.log() if row[1] == "new"] == [
        ("new", "customers", "loaded", 0, 0, 0, 0)
    ]


def test_table_that_misses_a_declared_column_gets_it(extracts: Extracts) -> None:
    extracts.write("shopify/us/orders.jsonl", [order(1, "2026-04-01T00:00:00Z", "x")])
    extracts.load()
    with raw.connect(extracts.target) as con:
        con.execute("alter table raw_shopify.orders drop column name")
        con.execute("update raw_load.files set declaration = 'an older one'")
    extracts.load()
    assert names(extracts) == [("1", "x")]


def test_warehouse_from_before(extracts: Extracts) -> None:
    """Its log of rejects has no record key, its documents were merged."""
    documents = [document("d365_fo", "sales_orders", key) for key in ("S1", "S2")]
    extracts.write("d365_fo/prod/sales_orders.jsonl", documents)
    extracts.load()
    with raw.connect(extracts.target) as con:
        con.execute("alter table raw_load.rejects drop column record_key")
        con.execute("update raw_load.files set declaration = 'an older one'")
        con.execute("update raw_d365_fo.sales_orders set sales_order_status = 'old'")
    extracts.write("d365_fo/prod/sales_orders.jsonl", documents[:1])
    extracts.load()
    statuses = extracts.rows("select sales_order_status from raw_d365_fo.sales_orders")
    assert statuses == [("Backorder",)]
    assert extracts.rows("select record_key from raw_load.rejects") == []


def test_raw_file_or_state_that_was_removed(extracts: Extracts) -> None:
    import shutil

    extracts.write("shopify/us/orders.jsonl", [order(1, "2026-04-01T00:00:00Z", "x")])
    extracts.load()
    extracts.target.raw.unlink()
    extracts.load()
    assert names(extracts) == [("1", "x")]
    shutil.rmtree(extracts.target.dlt)
    extracts.write("shopify/us/orders.jsonl", [order(2, "2026-04-01T00:00:00Z", "y")])
    extracts.load()
    assert names(extracts) == [("1", "x"), ("2", "y")]


def test_nothing_personal_is_left_beside_the_raw_tables(extracts: Extracts) -> None:
    for email in ("first@here.test", "only@here.test"):
        extracts.write("bigcommerce/b2b/customers.jsonl", [{"id": 1, "email": email}])
        extracts.load()
    assert extracts.rows("select count(*) from raw_bigcommerce_staging.customers") == [(0,)]
    folder = extracts.target.dlt
    assert not [file for file in folder.rglob("*") if file.suffix in (".parquet", ".duckdb")]


def answer(
    extracts: Extracts,
    source: str,
    name: str,
    *spooled: list[dict[str, object]],
    mode: Mode | None = None,
) -> raw.Result:
    """Load records as the spooled answer of an API, one file per list."""
    folder = extracts.target.root / "spool"
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number, records in enumerate(spooled, 1):
        path = folder / f"{number}.jsonl"
        path.write_text(json_lines(records))
        files.append(InputFile(path, f"/{name}#{number}"))
    resource = BY_NAME[source, name]
    batch = Batch(resource, "us", tuple(files), CALLED_AT, mode or resource.mode, "api")
    with raw.connect(extracts.target) as con:
        raw.create_tables(con)
    return load_answers(extracts.target, [batch])[0]


CALLED_AT = datetime(2026, 4, 12, 8, tzinfo=UTC)


def test_api_answer_is_loaded_by_the_same_code(extracts: Extracts) -> None:
    first, second = (order(1, "2026-04-01T00:00:00Z", name) for name in ("first", "second"))
    result = answer(extracts, "shopify", "orders", [first], [second])
    assert (result.outcome, result.rows_read, result.rows_loaded) == ("loaded", 2, 1)
    assert extracts.rows("select name, _source_file from raw_shopify.orders") == [
        ("second", "/orders#2")
    ]
    assert extracts.rows("select origin, extracted_at from raw_load.resource_loads") == [
        ("api", datetime(2026, 4, 12, 8))
    ]
    called = [(datetime(2026, 4, 12, 8),)] * 2
    assert extracts.rows("select modified_at from raw_load.files") == called


def test_mode_of_a_load_may_differ_from_that_of_the_table(extracts: Extracts) -> None:
    """A replaced table must not lose rows to a later merge, nor vice versa."""
    modes: tuple[tuple[Mode, str, list[str]], ...] = (
        ("whole", "C1", ["C1"]),
        ("merge", "C2", ["C1", "C2"]),
        ("whole", "C3", ["C3"]),
        ("merge", "C4", ["C3", "C4"]),
    )
    for mode, account, expected in modes:
        result = answer(extracts, "d365_fo", "customers", [customer(account)], mode=mode)
        assert result.outcome == "loaded"
        assert accounts(extracts) == expected


def test_api_failure_is_noted(extracts: Extracts) -> None:
    with raw.connect(extracts.target) as con:
        raw.create_tables(con)
    record_failure(extracts.target, "shopify", "us", ["orders"], "401: token expired")
    assert extracts.rows("select origin, outcome, message from raw_load.resource_loads") == [
        ("api", "failed", "401: token expired")
    ]


def test_declaration_changes_with_the_columns() -> None:
    resource = RESOURCES[0]
    changed = replace(resource, columns=resource.columns[:-1])
    laxer = replace(resource, needs=())
    seen = {raw.declaration(resource, m) for m in ("merge", "whole")}
    assert len(seen | {raw.declaration(other, "merge") for other in (changed, laxer)}) == 4
    reworded = tuple(replace(need, meaning="other words") for need in resource.needs)
    assert raw.declaration(replace(resource, needs=reworded), "merge") in seen


# a later file without a field that an earlier one had: what follows
LACKING = {
    "updatedAt": "its records replace stored versions, also newer ones",
    "poNumber": "it is empty in all records of the file",
}


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
@pytest.mark.parametrize("field", LACKING)
def test_a_field_that_earlier_files_had_is_missed(
    extracts: Extracts, ending: str, field: str
) -> None:
    """Also in the next file: what is stored still has it. Not in a field that was never there."""
    with_field = [full_order(number) for number in range(3)]
    without = [{name: one[name] for name in one if name != field} for one in with_field]
    said = f"WARNING {extracts.root / 'shopify/us/orders'}.{ending} lacks {field}, which earlier"
    for number, records in enumerate((with_field, without, without, with_field)):
        records = [one | {"name": f"#{number}"} for one in records]
        extracts.write(f"shopify/us/orders.{ending}", in_format(ending, records))
        extracts.load()
        told = extracts.rows("select message from raw_load.resource_loads order by load_id")[-1][0]
        found = [part for part in (told or "").split("; WARNING ") if "lacks" in part]
        if number in (1, 2):
            assert len(found) == 1 and said in found[0] and LACKING[field] in found[0], told
            assert said in extracts.output.replace("\n", "")
        else:
            assert not found, told


def test_a_small_file_may_leave_out_what_is_empty(extracts: Extracts) -> None:
    """Adobe Commerce leaves out a field that is null; a column of a CSV file is never left out."""
    extracts.write("shopify/us/orders.jsonl", [full_order(number) for number in range(3)])
    extracts.load()
    small = {name: value for name, value in full_order(1).items() if name != "poNumber"}
    extracts.write("shopify/us/orders.jsonl", [small])
    assert not extracts.load_one().warnings
    del small["displayFinancialStatus"]
    extracts.write("shopify/us/orders.jsonl", [small])
    follows = (
        "lacks displayFinancialStatus, which earlier files had: whether it is paid or refunded"
    )
    assert follows in extracts.load_one().warnings[0]
    extracts.remove("shopify/us/orders.jsonl")
    extracts.write("shopify/us/orders.csv", in_format("csv", [small]))
    assert "lacks poNumber" in "".join(extracts.load_one().warnings)


def test_a_field_of_some_records_is_not_missed(extracts: Extracts) -> None:
    """Only the first record lacks it."""
    orders = [full_order(number) for number in range(3)]
    for number in range(2):
        extracts.write("shopify/us/orders.jsonl", [one | {"name": str(number)} for one in orders])
        assert not extracts.load_one().warnings
        orders[0].pop("poNumber", None)


def full_order(number: int) -> dict[str, str]:
    given = {"poNumber": "P1", "displayFinancialStatus": "PAID", "currencyCode": "EUR"}
    money = json.dumps({"shopMoney": {"amount": "1.00", "currencyCode": "EUR"}})
    amounts = {"currentTotalPriceSet": money, "email": "a@x.test"}
    return order(number + 1, "2026-04-02T00:00:00Z") | given | amounts


def in_format(ending: str, records: list[dict[str, str]]) -> str:
    if ending == "jsonl":
        return "".join(f"{json.dumps(one)}\n" for one in records)
    out = io.StringIO()
    table = csv.DictWriter(out, list(records[0]))
    table.writeheader()
    table.writerows(records)
    return out.getvalue()


def test_a_load_says_whether_it_is_whole(extracts: Extracts) -> None:
    """A master replaces its table; orders, and changes of an API, are merged by key."""
    extracts.write(f"{MASTER}.jsonl", [customer("C1")])
    extracts.write("shopify/us/orders.jsonl", [order(1, "2026-04-02T00:00:00Z")])
    extracts.load()
    answer(extracts, "d365_fo", "customers", [customer("C2")], mode="merge")
    assert extracts.rows(
        "select resource, origin, is_whole from raw_load.resource_loads order by 1, 2"
    ) == [
        ("customers", "api", False),
        ("customers", "extracts", True),
        ("orders", "extracts", False),
    ]
    done = records_of(extracts.target.raw, sql("commands/sql/last_loads.sql"))
    assert [(row["instance"], row["resource"], row["outcome"]) for row in done] == [
        ("prod", "customers", "loaded"),
        ("us", "customers", "loaded (changes)"),
        ("us", "orders", "loaded (changes)"),
    ]
