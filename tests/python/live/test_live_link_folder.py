"""Synapse and Fabric Link folders: CSV with model.json, Delta, Parquet; latest row, deletes."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import deltalake
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.load.live import Fetched
from pipelines.sources.base import ConfigError, Instance, Job
from pipelines.sources.d365_fo import api as d365_fo
from pipelines.sources.dataverse import api as dataverse
from pipelines.sources.http import ApiError, RetryPolicy
from pipelines.sources.tables import BY_NAME

Rows = list[dict[str, str | None]]
SYSTEM = ("Id", "SinkCreatedOn", "versionnumber", "IsDelete")
OLD, NEW = "2026-04-01T00.00.00.000Z", "2026-04-09T00.00.00.000Z"


def system(number: int, version: int, deleted: str | None = None, sunk: str = "1") -> dict:
    return {
        "Id": f"id-{number}",
        "SinkCreatedOn": f"2026-04-0{sunk}T00:00:00Z",
        "versionnumber": str(version),
        "IsDelete": deleted,
    }


def customer(number: int, name: str, version: int, deleted: str | None = None, sunk: str = "1"):
    return {
        **system(number, version, deleted, sunk),
        "dataareaid": "USTR",
        "accountnum": f"US-{number}",
        "party": "50",
        "custgroup": name,
        "blocked": "2",
        "onetimecustomer": "0",
        "vatnum": "US123",
    }


CUSTTABLE_OLD = [customer(1, "old", 1), customer(2, "stays", 1), customer(3, "deleted", 1)]
CUSTTABLE_NEW = [
    customer(1, 'new, with "quotes"\nand a line', 10),
    customer(1, "late copy of an older version", 9, sunk="8"),
    customer(3, "deleted", 2, "True"),
    customer(4, "sent twice", 1, sunk="1"),
    customer(4, "sent twice, sunk later", 1, sunk="2"),
]
OTHERS: dict[str, Rows] = {
    "dirpartytable": [
        {
            **system(50, 1),
            "recid": "50",
            "partynumber": "P50",
            "name": "Wholesale-X",
            "primarycontactemail": "70",
            "primaryaddresslocation": "90",
        }
    ],
    "dirpartylocation": [{**system(60, 1), "party": "50", "location": "80"}],
    "logisticselectronicaddress": [
        {
            **system(70, 1),
            "recid": "70",
            "location": "80",
            "locator": "ap@wholesale-x.test",
            "type": "2",
            "isprimary": "1",
        }
    ],
    "logisticspostaladdress": [
        {**system(91, 1), "location": "90", "countryregionid": "MEX", "validto": "2020-01-01"},
        {**system(92, 1), "location": "90", "countryregionid": "USA", "zipcode": "78751"},
    ],
    "logisticsaddresscountryregion": [{**system(95, 1), "countryregionid": "USA", "isocode": "US"}],
}


def write_csv(root: Path, stamp: str, tables: dict[str, Rows], complete: bool = True) -> None:
    folder = root / stamp
    entities = []
    for table, rows in tables.items():
        names = list(dict.fromkeys(name for row in rows for name in row))
        (folder / table).mkdir(parents=True)
        with (folder / table / "1.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([[row.get(name) for name in names] for row in rows])
        entities.append({"name": table, "attributes": [{"name": name} for name in names]})
    if complete:
        (folder / "model.json").write_text(json.dumps({"entities": entities}))


def as_table(rows: Rows) -> pa.Table:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({n: pa.array([row.get(n) for row in rows], pa.string()) for n in names})


def write_parquet(folder: Path, rows: Rows) -> None:
    folder.mkdir(parents=True)
    pq.write_table(as_table(rows), folder / "1.parquet")


def write_delta(folder: Path, rows: Rows) -> None:
    deltalake.write_deltalake(str(folder), as_table(rows))


def csv_layout(root: Path) -> None:
    write_csv(root, OLD, {"custtable": CUSTTABLE_OLD, **OTHERS})
    write_csv(root, NEW, {"custtable": CUSTTABLE_NEW})
    unfinished = [customer(2, "of an unfinished folder", 99)]
    write_csv(root, "2026-04-10T00.00.00.000Z", {"custtable": unfinished}, complete=False)


def parquet_layout(root: Path) -> None:
    for table, rows in {"custtable": CUSTTABLE_OLD + CUSTTABLE_NEW, **OTHERS}.items():
        write_parquet(root / table, rows)


def delta_layout(root: Path) -> None:
    for table, rows in {"custtable": CUSTTABLE_OLD + CUSTTABLE_NEW, **OTHERS}.items():
        write_delta(root / "deltalake" / f"{table}_partitioned", rows)


def fabric_layout(root: Path) -> None:
    for table, rows in {"custtable": CUSTTABLE_OLD + CUSTTABLE_NEW, **OTHERS}.items():
        write_delta(root / "Tables" / table, rows)


def job(root: Path, configure: Callable, policy: RetryPolicy, resource: str) -> Job:
    configure("d365_fo", "prod", link_folder=root)
    jobs = d365_fo.jobs(Instance("d365_fo", "prod"), policy)
    return next(job for job in jobs if job.resource == resource)


@pytest.mark.parametrize("layout", [csv_layout, parquet_layout, delta_layout, fabric_layout])
def test_the_latest_version_counts_and_deletes_are_honoured(
    tmp_path: Path, configure: Callable, policy: RetryPolicy, layout: Callable[[Path], None]
) -> None:
    layout(tmp_path)
    pages = list(job(tmp_path, configure, policy, "customers").pages(None))
    customers = {row["CustomerAccount"]: row for page in pages for row in page}
    assert {key: row["CustomerGroupId"] for key, row in customers.items()} == {
        "US-1": 'new, with "quotes"\nand a line',
        "US-2": "stays",
        "US-4": "sent twice, sunk later",
    }
    assert (
        customers["US-1"]
        | {
            "dataAreaId": "ustr",
            "PartyNumber": "P50",
            "OrganizationName": "Wholesale-X",
            "PrimaryContactEmail": "ap@wholesale-x.test",
            "OnHoldStatus": "All",
            "IsOneTimeCustomer": "No",
            "TaxExemptNumber": "US123",
            "AddressCountryRegionId": "USA",
            "AddressCountryRegionISOCode": "US",
            "AddressZipCode": "78751",
        }
        == customers["US-1"]
    )


def test_files_that_a_delta_table_has_left_behind_do_not_count(
    tmp_path: Path, configure: Callable, policy: RetryPolicy
) -> None:
    """A rewrite and a physical delete leave the old Parquet files in place."""
    folder = tmp_path / "Tables" / "companyinfo"
    rows = [{**system(n, 1), "dataarea": f"e{n}", "name": "old"} for n in (1, 2, 3)]
    deltalake.write_deltalake(str(folder), as_table(rows))
    newer = [{**row, "name": "new", "versionnumber": "0"} for row in rows]
    deltalake.write_deltalake(str(folder), as_table(newer), mode="overwrite")
    deltalake.DeltaTable(str(folder)).delete("dataarea = 'e2'")
    assert len([*folder.glob("*.parquet")]) == 3
    pages = job(tmp_path, configure, policy, "legal_entities").pages(None)
    found = [(row["LegalEntityId"], row["Name"]) for page in pages for row in page]
    assert found == [("E1", "new"), ("E3", "new")]


def test_a_damaged_delta_table_is_one_sentence(
    tmp_path: Path, configure: Callable, policy: RetryPolicy
) -> None:
    delta_layout(tmp_path)
    log = tmp_path / "deltalake" / "custtable_partitioned" / "_delta_log"
    for file in log.iterdir():
        file.unlink()
    with pytest.raises(ApiError, match="cannot be read as a Delta table"):
        list(job(tmp_path, configure, policy, "customers").pages(None))


def test_electronic_addresses_come_from_the_party(
    tmp_path: Path, configure: Callable, policy: RetryPolicy
) -> None:
    csv_layout(tmp_path)
    pages = job(tmp_path, configure, policy, "customer_electronic_addresses").pages(None)
    rows = [row for page in pages for row in page]
    assert [row["CustomerAccount"] for row in rows] == ["US-1", "US-2", "US-4"]
    assert rows[0]["Locator"] == "ap@wholesale-x.test"
    assert (rows[0]["Type"], rows[0]["IsPrimary"]) == ("Email", "Yes")


def test_contact_persons_are_of_their_party(
    tmp_path: Path, configure: Callable, policy: RetryPolicy
) -> None:
    """A folder without the table has none, which is no error."""
    contacts = job(tmp_path, configure, policy, "contact_persons")
    with pytest.raises(ApiError, match="has no table contactperson") as missing:
        list(contacts.pages(None))
    assert contacts.optional and missing.value.status == 404
    persons = [
        {**system(1, 1), "dataareaid": "USTR", "contactpersonid": "CP-1", "contactforparty": "50",
         "party": "50", "inactive": "1"},
        {**system(2, 1), "dataareaid": "USTR", "contactpersonid": "CP-2", "contactforparty": "9",
         "inactive": "0"},
    ]  # fmt: skip
    write_csv(tmp_path, "2026-04-12T00.00.00Z", {**OTHERS, "contactperson": persons})
    rows = [row for page in contacts.pages(None) for row in page]
    assert [
        (row["dataAreaId"], row["AssociatedPartyNumber"], row["PrimaryEmailAddress"],
         row["IsInactive"]) for row in rows
    ] == [("ustr", "P50", "ap@wholesale-x.test", "Yes"), ("ustr", None, None, "No")]  # fmt: skip


COMPANY = ("Id", "SinkCreatedOn", "versionnumber", "IsDelete", "dataarea", "name")


def companies(root: Path, configure: Callable, policy: RetryPolicy) -> list[tuple[str, str]]:
    pages = job(root, configure, policy, "legal_entities").pages(None)
    return [(row["LegalEntityId"], row["Name"]) for page in pages for row in page]


def write_lines(file: Path, *lines: str, names: tuple[str, ...] = COMPANY) -> None:
    """A CSV file of the layout without times, and its model.json."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{line}\r\n" for line in lines), encoding="utf-8-sig")
    attributes = [{"name": name} for name in names]
    model = {"entities": [{"name": "companyinfo", "attributes": attributes}]}
    (file.parents[1] / "model.json").write_text(json.dumps(model))


@pytest.mark.parametrize("is_parquet", [False, True])
def test_a_snapshot_is_a_copy(
    tmp_path: Path, configure: Callable, policy: RetryPolicy, is_parquet: bool
) -> None:
    """A row that was deleted since is in it."""
    folder = tmp_path / "companyinfo"
    if is_parquet:
        write_parquet(folder, [{**system(1, 1), "dataarea": "e1", "name": "one"}])
        write_parquet(folder / "Snapshot" / "2026", [{**system(2, 1), "dataarea": "gone"}])
    else:
        write_lines(folder / "2026-04.csv", "1,,1,,e1,one")
        (folder / "Snapshot" / "2026-04_1").mkdir(parents=True)
        (folder / "Snapshot" / "2026-04_1" / "2026-04.csv").write_text("2,,1,,gone,gone\r\n")
    assert companies(tmp_path, configure, policy) == [("E1", "one")]


def test_rows_that_were_written_before_a_column_was_added(
    tmp_path: Path, configure: Callable, policy: RetryPolicy
) -> None:
    """Older rows of the same file end earlier; more cells than columns is an error."""
    rows = ("1,,1,,e1", '2,,1,,e2,"two, with a ""quote""\r\nand a line"', "3,,1,,e3,")
    write_lines(tmp_path / "companyinfo" / "2026-04.csv", *rows)
    two = 'two, with a "quote"\r\nand a line'
    assert companies(tmp_path, configure, policy) == [("E1", None), ("E2", two), ("E3", None)]
    write_lines(tmp_path / "companyinfo" / "2026-05.csv", "4,,1,,e4,four,anna@x.test")
    with pytest.raises(ApiError, match=r"does not fit its model\.json") as error:
        companies(tmp_path, configure, policy)
    assert "anna" not in str(error.value)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("4/9/2026 9:00:00 AM", "4/10/2026 9:00:00 AM"),
        ("4/9/2026 12:30:00 AM", "4/9/2026 9:00:00 AM"),
        ("4/9/2026 11:00:00 AM", "4/9/2026 1:00:00 PM"),
        ("2026-04-09T09:00:00Z", "2026-04-09T09:00:00.0000010Z"),
        ("4/9/2026 9:00:00 AM", "2026-04-10T08:00:00Z"),
    ],
)
def test_the_time_of_a_row_is_a_time(
    tmp_path: Path, configure: Callable, policy: RetryPolicy, older: str, newer: str
) -> None:
    rows = (f"1,{newer},,,e1,new", f"1,{older},,,e1,old")
    for lines in (rows, rows[::-1]):
        write_lines(tmp_path / "companyinfo" / "2026-04.csv", *lines)
        assert companies(tmp_path, configure, policy) == [("E1", "new")]


def test_the_folder_that_is_being_written_is_left_for_the_next_load(
    tmp_path: Path,
    configure: Callable,
    policy: RetryPolicy,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_csv(tmp_path, OLD, {"companyinfo": [{**system(1, 1), "dataarea": "e1", "name": "old"}]})
    half = [{**system(1, 2, "True"), "dataarea": "e1", "name": "old"}]
    write_csv(tmp_path, NEW, {"companyinfo": half})
    (tmp_path / "Changelog").mkdir()
    (tmp_path / "Changelog" / "changelog.info").write_text(NEW)
    assert companies(tmp_path, configure, policy) == [("E1", "old")]
    assert f"{NEW.lower()} is being written" in capsys.readouterr().out


SINGLE = {
    "sales_orders": (
        {"salestable": [{"dataareaid": "USTR", "salesid": "SO-1", "salesstatus": "3"}]},
        {"dataAreaId": "ustr", "SalesOrderNumber": "SO-1", "SalesOrderStatus": "Invoiced"},
    ),
    "free_text_invoices": (
        {"custinvoicetable": [{"dataareaid": "USTR", "recid": "7", "posted": "1"}]},
        {"dataAreaId": "ustr", "InvoiceIdentifier": "7", "IsPosted": "Yes"},
    ),
    "exchange_rates": (
        {
            "exchangerate": [{"exchangeratecurrencypair": "1", "exchangerate": "73.50"}],
            "exchangeratecurrencypair": [
                {
                    "recid": "1",
                    "fromcurrencycode": "CAD",
                    "tocurrencycode": "USD",
                    "exchangeratetype": "5",
                }
            ],
            "exchangeratetype": [{"recid": "5", "name": "Default"}],
        },
        {"RateTypeName": "Default", "FromCurrency": "CAD", "Rate": "73.50"},
    ),
    "legal_entities": (
        {"companyinfo": [{"dataarea": "ustr", "name": "US Trade Inc"}]},
        {"LegalEntityId": "USTR", "Name": "US Trade Inc"},
    ),
}


@pytest.mark.parametrize("resource", SINGLE)
def test_other_tables_get_the_shape_of_their_entity(
    tmp_path: Path, configure: Callable, policy: RetryPolicy, resource: str
) -> None:
    tables, expected = SINGLE[resource]
    for table, rows in tables.items():
        write_parquet(tmp_path / table, [{**system(1, 1), **row} for row in rows])
    pages = list(job(tmp_path, configure, policy, resource).pages(None))
    assert pages[0][0] | expected == pages[0][0]


def test_dataverse_lookups_get_their_api_names(
    tmp_path: Path, configure: Callable, policy: RetryPolicy
) -> None:
    row = {**system(1, 1), "accountid": "a1", "msdyn_company": "c1", "statecode": "0"}
    write_parquet(tmp_path / "account", [row])
    configure("dataverse", "org", link_folder=tmp_path)
    accounts = next(iter(dataverse.jobs(Instance("dataverse", "org"), policy)))
    record = next(accounts.pages(None))[0]
    assert (record["accountid"], record["_msdyn_company_value"]) == ("a1", "c1")


def test_how_old_the_data_is(tmp_path: Path, configure: Callable, policy: RetryPolicy) -> None:
    write_parquet(tmp_path / "companyinfo", [{**system(1, 1), "dataarea": "ustr"}])
    os.utime(tmp_path / "companyinfo" / "1.parquet", (1_775_000_000, 1_775_000_000))
    extracted_at = job(tmp_path, configure, policy, "legal_entities").extracted_at()
    assert extracted_at == datetime.fromtimestamp(1_775_000_000, UTC)


def test_a_missing_table_is_an_error(
    tmp_path: Path, configure: Callable, policy: RetryPolicy
) -> None:
    write_parquet(tmp_path / "custtable", CUSTTABLE_OLD)
    customers = job(tmp_path, configure, policy, "customers")
    with pytest.raises(ApiError, match="has no table dirpartytable"):
        list(customers.pages(None))
    assert "profile" in customers.permission


def test_rows_without_id_are_an_error(
    tmp_path: Path, configure: Callable, policy: RetryPolicy
) -> None:
    write_parquet(tmp_path / "companyinfo", [{"dataarea": "ustr"}])
    with pytest.raises(ApiError, match="rows without Id"):
        list(job(tmp_path, configure, policy, "legal_entities").pages(None))


def test_a_missing_folder_is_an_error(configure: Callable, policy: RetryPolicy) -> None:
    with pytest.raises(ConfigError, match="is not a folder here"):
        job(Path("/nowhere/at/all"), configure, policy, "customers")


def test_every_resource_has_its_query() -> None:
    assert set(d365_fo.LINK_QUERIES) == {name for source, name in BY_NAME if source == "d365_fo"}
    assert set(dataverse.LINK_QUERIES) == set(dataverse.TABLES)


@pytest.mark.parametrize("resource", ["customers", "sales_orders", "free_text_invoices"])
def test_a_link_folder_is_whole(
    tmp_path: Path, configure: Callable, policy: RetryPolicy, resource: str
) -> None:
    """It is an export: deleted documents are gone, unlike in an answer of changes."""
    csv_layout(tmp_path)
    fetched = Fetched(job(tmp_path, configure, policy, resource), tmp_path, None, datetime.now(UTC))
    assert fetched.batch(True).mode == "whole"
