"""Import files: records, columns, cells; nothing a spreadsheet would run."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from pipelines.commands.export import LAYOUTS, export_onboarding
from pipelines.settings import InputError, Warehouse

COLUMNS = (
    "worklist_rank int, expected_legal_entity_id text, erp text, erp_code text, import_state text, "
    "primary_reason text, external_id text, account_number text, party_type text, "
    "party_number text, customer_name text, person_first_name text, person_last_name text, "
    "email text, tax_id text, country_code text, country_code_3 text, street text, city text, "
    "postal_code text, "
    "customer_group_id text, currency_code text, payment_terms_id text, language_id text"
)
PERSON = {
    "worklist_rank": 1,
    "expected_legal_entity_id": "ustr",
    "erp": "fo",
    "erp_code": "ustr",
    "import_state": "ready",
    "primary_reason": "not_created",
    "external_id": "shopify:dtc:7",
    "party_type": "Person",
    "customer_name": "Étienne O'Neil, Jr",
    "person_first_name": "Étienne",
    "person_last_name": 'O"Neil',
    "email": "e=mc2+x@x.test",
    "country_code": "CA",
    "country_code_3": "CAN",
    "street": "8 Lower Water St, Suite 4",
    "city": "Halifax",
    "postal_code": "01234",
    "customer_group_id": "RETAIL",
    "currency_code": "CAD",
    "payment_terms_id": "Net30",
}
COMPANY = PERSON | {
    "worklist_rank": 2,
    "external_id": "bigcommerce:b2b:3",
    "party_type": "Organization",
    "customer_name": "Acme",
    "person_first_name": None,
    "person_last_name": None,
    "party_number": "000004201",
    "tax_id": "382715904",
}
BC_PERSON = PERSON | {
    "expected_legal_entity_id": "us-trade",
    "erp": "bc",
    "erp_code": "us trade/1",
    "account_number": "ECOM-ABC",
}


def warehouse_with(folder: Path, *records: dict[str, object], state: str = "ok") -> Warehouse:
    """A warehouse that published these records."""
    target = Warehouse(folder)
    target.published.mkdir(parents=True)
    with duckdb.connect(str(target.published / "marts.duckdb")) as con:
        con.execute("create schema worklist")
        con.execute("create schema cards")
        con.execute(
            "create table cards.card_values as select date '2026-04-12' as as_of_date, "
            "'ecom_customers_absent_from_d365_customer_master' as card_id, "
            f"'{state}' as state, 'needs d365' as state_reason"
        )
        con.execute(f"create table worklist.onboarding_import_records ({COLUMNS})")
        for record in records:
            names = ", ".join(record)
            marks = ", ".join("?" * len(record))
            con.execute(
                f"insert into worklist.onboarding_import_records ({names}) values ({marks})",
                list(record.values()),
            )
    return target


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_one_file_per_legal_entity_in_the_order_of_the_worklist(tmp_path: Path) -> None:
    other = COMPANY | {"erp_code": "catr", "worklist_rank": 3}
    written = export_onboarding(warehouse_with(tmp_path, other, COMPANY, PERSON, BC_PERSON))
    assert {path.name: count for path, count in written.files.items()} == {
        "BC_customers_us_trade_1.csv": 1,
        "CustomersV3_catr.csv": 1,
        "CustomersV3_ustr.csv": 2,
    }
    assert written.folder == tmp_path / "exports" / "onboarding" / "2026-04-12"
    ustr = rows_of(written.folder / "CustomersV3_ustr.csv")
    assert [row["PARTYTYPE"] for row in ustr] == ["Person", "Organization"]


def test_fo_file_has_the_columns_of_customers_v3_and_the_values_as_they_are(tmp_path: Path) -> None:
    written = export_onboarding(warehouse_with(tmp_path, PERSON, COMPANY))
    path = written.folder / "CustomersV3_ustr.csv"
    person, company = rows_of(path)
    assert list(person) == list(LAYOUTS["fo"]["columns"])
    assert person == {
        "CUSTOMERACCOUNT": "",
        "CUSTOMERGROUPID": "RETAIL",
        "SALESCURRENCYCODE": "CAD",
        "PARTYTYPE": "Person",
        "PARTYNUMBER": "",
        "ORGANIZATIONNAME": "",
        "PERSONFIRSTNAME": "Étienne",
        "PERSONLASTNAME": 'O"Neil',
        "LANGUAGEID": "",
        "PAYMENTTERMS": "Net30",
        "PRIMARYCONTACTEMAIL": "e=mc2+x@x.test",
        "ADDRESSCOUNTRYREGIONID": "CAN",
        "ADDRESSCOUNTRYREGIONISOCODE": "CA",
        "ADDRESSSTREET": "8 Lower Water St, Suite 4",
        "ADDRESSCITY": "Halifax",
        "ADDRESSZIPCODE": "01234",
        "TAXEXEMPTNUMBER": "",
        "IDENTIFICATIONNUMBER": "shopify:dtc:7",
    }
    assert (company["ORGANIZATIONNAME"], company["PARTYNUMBER"]) == ("Acme", "000004201")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfCUSTOMERACCOUNT,")


def test_bc_file_has_the_columns_of_the_customers_api(tmp_path: Path) -> None:
    written = export_onboarding(warehouse_with(tmp_path, BC_PERSON))
    (row,) = rows_of(written.folder / "BC_customers_us_trade_1.csv")
    assert list(row) == list(LAYOUTS["bc"]["columns"])
    assert (row["number"], row["displayName"], row["type"]) == (
        "ECOM-ABC",
        "Étienne O'Neil, Jr",
        "Person",
    )
    assert (row["addressLine1"], row["city"]) == ("8 Lower Water St, Suite 4", "Halifax")


def test_only_ready_records_are_written_and_the_rest_is_counted(tmp_path: Path) -> None:
    invalid = PERSON | {"import_state": "invalid", "primary_reason": "validation_failed"}
    withheld = PERSON | {"import_state": "withheld", "primary_reason": "awaiting_sync"}
    target = warehouse_with(tmp_path, PERSON, invalid, withheld)
    written = export_onboarding(target)
    assert sum(written.files.values()) == 1
    assert written.left_out == {
        ("invalid", "validation_failed"): 1,
        ("withheld", "awaiting_sync"): 1,
    }
    assert sum(export_onboarding(target, also=["awaiting_sync"]).files.values()) == 2
    assert sum(export_onboarding(target, also=["validation_failed"]).files.values()) == 1


def test_the_same_customers_give_the_same_bytes(tmp_path: Path) -> None:
    target = warehouse_with(tmp_path, PERSON, COMPANY)
    first = [path.read_bytes() for path in export_onboarding(target).files]
    assert [path.read_bytes() for path in export_onboarding(target).files] == first


def test_an_export_replaces_the_files_of_the_same_date(tmp_path: Path) -> None:
    target = warehouse_with(tmp_path, PERSON)
    folder = export_onboarding(target).folder
    (folder / "CustomersV3_gone.csv").write_text("old")
    assert export_onboarding(target).folder == folder
    assert [path.name for path in folder.iterdir()] == ["CustomersV3_ustr.csv"]
    assert [path.name for path in folder.parent.iterdir()] == ["2026-04-12"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "a\rb", "Net;=1"])
def test_a_template_value_that_reads_as_a_formula_is_an_error(tmp_path: Path, text: str) -> None:
    target = warehouse_with(tmp_path, PERSON | {"payment_terms_id": text})
    with pytest.raises(InputError, match=r"PAYMENTTERMS of ustr .* field_map_customer_templates"):
        export_onboarding(target)
    assert not (tmp_path / "exports" / "onboarding" / "2026-04-12").exists()


def test_nothing_published_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing is published; run `make run`"):
        export_onboarding(Warehouse(tmp_path))


@pytest.mark.parametrize("state", ["missing_data", "not_available"])
def test_without_a_measurable_headline_nothing_is_written(tmp_path: Path, state: str) -> None:
    target = warehouse_with(tmp_path, PERSON, state=state)
    with pytest.raises(InputError, match=f"is {state} needs d365, so it is unknown"):
        export_onboarding(target)
    assert not (tmp_path / "exports").exists()
