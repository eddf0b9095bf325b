"""A company's folder: `init` writes it, every command finds it, its settings are checked."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml
from click.testing import CliRunner

from pipelines.commands import init
from pipelines.commands.company import faults_of
from pipelines.commands.field_map import prepare_field_map
from pipelines.commands.options import console
from pipelines.load.batches import load_extracts
from pipelines.settings import PROJECT, Warehouse

HEADLINE = "ecom_customers_absent_from_d365_customer_master"


def order(number: int, email: str, shop_currency: str = "EUR", country: str = "DE") -> dict:
    money = {"shopMoney": {"amount": "119.00", "currencyCode": shop_currency}}
    tax = {"shopMoney": {"amount": "19.00", "currencyCode": shop_currency}}
    return {
        "id": f"gid://shopify/Order/{number}",
        "name": f"#{number}",
        "createdAt": "2026-04-11T10:00:00Z",
        "updatedAt": "2026-04-11T10:00:00Z",
        "displayFinancialStatus": "PAID",
        "currencyCode": shop_currency,
        "email": email,
        "customer": {"id": f"gid://shopify/Customer/{number}"},
        "shippingAddress": {"countryCodeV2": country},
        "currentTotalPriceSet": money,
        "currentTotalTaxSet": tax,
    }


def customer(number: str, email: str, country: str = "DE", currency: str = "EUR") -> dict:
    return {
        "id": f"{int(number):08d}-0000-0000-0000-000000000001",
        "number": number,
        "displayName": f"Kunde {number}",
        "email": email,
        "country": country,
        "currencyCode": currency,
        "blocked": "",
    }


@pytest.fixture
def extracts(tmp_path: Path) -> Path:
    """A German shop and a German Business Central company: one customer of two is in D365."""
    root = tmp_path / "extracts"
    write(root, "shopify/laden/orders", [order(1, "a@x.test"), order(2, "b@x.test")])
    write(root, "d365_bc/gmbh/customers", [customer("10", "a@x.test")])
    return root


def write(root: Path, name: str, rows: list[dict]) -> None:
    path = root / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    done = [sys.executable, "-m", "pipelines", *map(str, arguments)]
    return subprocess.run(done, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_a_company_s_first_list(
    extracts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """init, run, and a command that finds its warehouse: no other file, no dollar."""
    company = tmp_path / "acme"
    started = command("init", company, "--extracts", extracts)
    assert started.returncode == 0, started.stdout + started.stderr
    assert yaml.safe_load((company / "settings.yml").read_text()) == {
        "extracts": str(extracts),
        "reporting_currency": "EUR",
        "reporting_timezone": "Europe/Berlin",
        "order_value_basis": "net",
    }
    assert {path.name for path in company.iterdir()} == {
        "settings.yml", "field_map_legal_entities.csv", "field_map_match_keys.csv", "field_map_stores.csv",
    }  # fmt: skip
    assert all(path.read_text().startswith("# ") for path in company.iterdir())
    questions = re.findall(r"(?m)^\d\. .*\?", started.stdout)
    assert 3 <= len(questions) <= 4
    assert f"Next: make run COMPANY={company}" in started.stdout

    header = (PROJECT / "seeds/cards/card_registry.csv").read_text().splitlines()[:2]
    (company / "card_registry.csv").write_text(
        f"{header[0]}\n{header[1].replace('Ecom customers absent', 'Kunden die fehlen: absent')}\n"
    )
    # what the warnings of a shop without tax ids and ERP numbers recommend
    keys = company / "field_map_match_keys.csv"
    lines = keys.read_text().splitlines()
    unfilled = {
        *("company.external_id", "company_location.external_id", "account.tag.erp"),
        *("*.tax_id", "subject.name_address"),
    }
    off = [
        one.replace(",true", ",false") if unfilled & {*one.split(",")[4:5]} else one
        for one in lines
    ]
    keys.write_text("\n".join(off) + "\n")
    done = command("run", "--company", company, "--as-of", "2026-04-12")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert "WARNING" not in done.stdout, done.stdout
    board = done.stdout[done.stdout.index("As of 2026-04-12") :]
    assert "Kunden die fehlen" in board
    assert re.search(r"1 customer +OK", board) and "EUR 100.00" in board and "$" not in board
    monkeypatch.setenv("COMPANY", str(company))
    assert "Kunden die fehlen" in command("cards").stdout
    with duckdb.connect(str(tmp_path / "warehouse/published/marts.duckdb"), read_only=True) as con:
        card = f"select blocked_value_reporting from cards.card_{HEADLINE}"
        assert con.execute(card).fetchall() == [(100,)]
    decisions_of_people(extracts, company, tmp_path / "warehouse/published/marts.duckdb")


def decisions_of_people(extracts: Path, company: Path, marts: Path) -> None:
    """The missing customer is number 10: present from the next run on. A new one is set aside: it
    counts. A row about no one is listed."""
    decided = command(
        "decide", "shopify:laden:account:2", "same_as", "GMBH", "10", "--by", "it's me"
    )
    assert "same_as gmbh 10 Kunde 10: written" in decided.stdout, decided.stderr
    with (company / "onboarding_decisions.csv").open("a") as file:
        file.write("shopify:laden:account:3,set_aside_until,,,2026-04-13,,,credit check\n")
        file.write("gone,not_same,gmbh,10,,,,\n")
    write(extracts, "shopify/laden/orders", [order(n, f"{n}@x.test") for n in (2, 3)])
    done = command("run", "--as-of", "2026-04-12")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    with duckdb.connect(str(marts), read_only=True) as con:
        listed = "select decision, effect from worklist.onboarding_decision_effects"
        assert sorted(con.execute(listed).fetchall()) == [
            ("not_same", "no_customer"), ("same_as", "in_force"), ("set_aside_until", "in_force"),
        ]  # fmt: skip
        presence = "select presence, matched_key_type from cards.fct_customer_presence"
        assert sorted(con.execute(f"{presence} where window_days = 7").fetchall(), key=str) == [
            ("absent", None), ("absent", None), ("present", "decision"), ("present", "decision"),
            ("present", "email"), ("present", "email"),
        ]  # fmt: skip
        row = "set_aside_note, blocked_value_reporting from worklist.onboarding_worklist"
        assert con.execute(f"select {row}").fetchall() == [("credit check", 100)]


def test_files_that_the_data_needs(extracts: Path, tmp_path: Path) -> None:
    """Two companies, an unknown status, flows: a file each, that the project accepts."""
    write(extracts, "d365_bc/sarl/customers", [customer("20", "c@x.test", "FR")])
    unknown = order(3, "c@x.test", country="FR") | {
        "displayFinancialStatus": "ON_CREDIT",
        "tags": ["SARL", "invoice: gmbh", "gmbhs", "retail"],
    }
    write(extracts, "shopify/boutique/orders", [unknown])
    flow = {"workflowid": "1", "name": "Create BC customer", "statecode": 1, "category": 5}
    other = {"workflowid": "2", "name": "Birthday mails", "statecode": 1, "category": 5}
    write(extracts, "power_automate/prod/workflows", [flow, other])
    company = tmp_path / "acme"
    done = command("init", company, "--extracts", extracts)
    assert done.returncode == 0, done.stdout + done.stderr

    def lines(name: str) -> list[str]:
        texts = (company / f"field_map_{name}.csv").read_text().splitlines()
        return [text for text in texts if not text.startswith("#")][1:]

    assert lines("integration_flows") == ["Create BC customer,creates_customer"]
    assert lines("platform_tags") == [
        "shopify,boutique,order_tag,SARL,sarl",
        "shopify,boutique,order_tag,invoice: gmbh,gmbh",
    ]
    assert lines("ship_to_countries") == ["DE,*,gmbh", "FR,*,sarl"]
    assert [line.split(",")[5] for line in lines("stores")] == ["sarl", "gmbh"]
    assert lines("order_statuses")[-1].startswith("shopify,ON_CREDIT,active,true,")
    assert "Who invoices the orders of shopify/" in done.stdout
    assert prepare_field_map(Warehouse(tmp_path / "other"), company)


def test_fields_with_numbers_of_d365_customers_become_match_keys(
    extracts: Path, tmp_path: Path
) -> None:
    """A tag and an own field, in any letters; not one number by chance, nor a field of other texts."""
    numbers = [customer(number, f"{number}@d365.test") for number in ("10", "20", "30", "40")]
    write(extracts, "d365_bc/gmbh/customers", numbers)
    tags = ["kunde:10", "kunde: 20", "size:40", "kunde:99", "kunde:30"]
    own = [{"key": "Debitor", "value": value} for value in ("10", "40", "")]
    own += [{"key": "pieces", "value": value} for value in ("10", "20", "1", "2", "3")]
    orders = [
        order(1, "a@x.test") | {"tags": tags},
        order(2, "b@x.test") | {"customAttributes": own},
    ]
    write(extracts, "shopify/laden/orders", orders)
    company = tmp_path / "acme"
    done = command("init", company, "--extracts", extracts)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = (company / "field_map_match_keys.csv").read_text().splitlines()
    delivered = (PROJECT / "seeds/field_map/field_map_match_keys.csv").read_text().splitlines()
    assert {*delivered} < {*rows}
    assert rows[-2:] == [
        "headline_own_field_bc_1,headline,shopify,external_id,order.attribute.Debitor,bc,number,14,true",
        "headline_own_field_bc_2,headline,shopify,external_id,order.tag.kunde,bc,number,14,true",
    ]
    assert "order.tag.kunde (numbers of D365 customers are in it)" in done.stdout
    assert prepare_field_map(Warehouse(tmp_path / "other"), company)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("d365_bc", "no customers of an ERP (d365_fo or d365_bc) could be loaded"),
        ("shopify", "no orders of a shop could be loaded"),
    ],
)
def test_nothing_to_compare(extracts: Path, tmp_path: Path, missing: str, sentence: str) -> None:
    (extracts / missing).rename(tmp_path / missing)
    done = command("init", tmp_path / "acme", "--extracts", extracts)
    assert done.returncode == 2 and sentence in done.stderr
    assert not (tmp_path / "acme").exists()


def rows_of(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if not line.startswith("#")][1:]


def test_countries_of_three_letters_decide_between_companies(
    extracts: Path, tmp_path: Path
) -> None:
    """F&O writes USA beside or instead of US; a company without any is where its currency is used."""
    places = {"usmf": ("USD", "USA"), "cami": ("CAD", "Canada"), "demf": ("EUR", "")}
    for code, (currency, country) in places.items():
        one = {
            "dataAreaId": code,
            "CustomerAccount": "1",
            "OnHoldStatus": "No",
            "SalesCurrencyCode": currency,
        }
        write(extracts, f"d365_fo/{code}/customers", [one | {"AddressCountryRegionId": country}])
    (extracts / "d365_bc").rename(tmp_path / "d365_bc")
    sent = [
        order(at, "a@x.test", "USD", country) for at, country in enumerate(("US", "CA", "CA"), 1)
    ]
    write(extracts, "shopify/laden/orders", [*sent, order(9, "b@x.test")])
    done = command("init", tmp_path / "acme", "--extracts", extracts)
    assert done.returncode == 0, done.stdout + done.stderr
    entities = rows_of(tmp_path / "acme/field_map_legal_entities.csv")
    assert [line.split(",")[5] for line in entities] == ["CA", "DE", "US"]
    shipped = rows_of(tmp_path / "acme/field_map_ship_to_countries.csv")
    assert shipped == ["CA,*,cami", "DE,*,demf", "US,*,usmf"]
    assert prepare_field_map(Warehouse(tmp_path / "other"), tmp_path / "acme")


def test_a_list_without_countries_is_where_the_orders_go(extracts: Path, tmp_path: Path) -> None:
    """The list of Business Central has neither country nor currency unless they are shown; and none
    of the shop's customers may be in it: the run says so."""
    orders = [order(at, f"{at}@x.test") for at in range(1, 6)]
    write(extracts, "shopify/laden/orders", [*orders, order(9, "9@x.test", country="FR")])
    (extracts / "d365_bc/gmbh/customers.jsonl").unlink()
    (extracts / "d365_bc/gmbh/Debitoren.csv").write_text("Nr.,Name\n10,Eins\n20,Zwei\n")
    company = tmp_path / "acme"
    assert command("init", company, "--extracts", extracts).returncode == 0
    entity = "gmbh,GMBH,bc,gmbh,EUR,DE,Europe/Berlin,true,"
    assert rows_of(company / "field_map_legal_entities.csv") == [entity]
    assert yaml.safe_load((company / "settings.yml").read_text())["reporting_currency"] == "EUR"
    done = command("run", "--company", company, "--as-of", "2026-04-12")
    text = " ".join(done.stdout.split())
    assert (
        "WARNING masters_have_customers_of_the_shops (1 row), expected: Of the customers" in text
    ), text
    assert "expected_legal_entity_id gmbh, absent_customers 6" in text
    for name, remedy in (
        ("match_key_d365_fields_exist", "in a list of Business Central show it, then export again"),
        ("match_key_source_fields_occur", "or their export cannot give it; else compare"),
        ("stores_give_values_for_every_key", "set is_active to false for that key_type"),
    ):
        assert re.search(rf"WARNING {name} \(\d rows?\), expected: [^()]*.*?{remedy}", text), text

    stores = company / "field_map_stores.csv"
    stores.write_text(stores.read_text().replace("shopify,", "*,"))
    done = command("run", "--company", company, "--as-of", "2026-04-12")
    assert done.returncode == 1
    assert "seed_name field_map_stores, platform *" in done.stderr, "the row that is wrong"


def test_init_of_live_systems(
    extracts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without extracts `init` loads the configured systems; `daily` is what runs then."""
    monkeypatch.setattr(init, "load_live", lambda at, _: load_extracts(at, extracts, console()))
    monkeypatch.setenv("WAREHOUSE_DIR", str(tmp_path / "live"))
    done = CliRunner().invoke(init.command, [str(tmp_path / "acme")])
    assert done.exit_code == 0, done.output
    assert f"Next: make daily COMPANY={tmp_path / 'acme'}" in done.output.replace("\n/", " /")
    assert "extracts" not in yaml.safe_load((tmp_path / "acme/settings.yml").read_text())


def test_init_replaces_nothing(extracts: Path) -> None:
    done = command("init", extracts, "--extracts", extracts)
    assert done.returncode == 2 and "is not empty" in done.stderr


@pytest.mark.parametrize("name", ["--company", "--extracts"])
@pytest.mark.parametrize(
    "verb", ["cards", "report", "publish", "doctor", "export onboarding", "run"]
)
def test_a_wrong_folder_leaves_nothing(tmp_path: Path, verb: str, name: str) -> None:
    done = command(*verb.split(), name, tmp_path / "nowhere")
    assert done.returncode == 2 and "no such folder" in done.stderr, done.stdout + done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("max_subject_per_key", 9, "did you mean max_subjects_per_key?"),
        ("colour", "red", "there is no setting colour; known: platforms"),
        ("order_value_basis", "nett", "write net or gross"),
        ("alert_severity", "ERROR", "write warn or error"),
        ("reporting_currency", "EURO", "no ISO currency; write a code such as EUR"),
        ("reporting_timezone", "Europe/Berlim", "no time zone; write Europe/Berlin"),
        ("backfill", "yes", "write true or false"),
        ("max_master_age_hours", "26", "write a number of 0 or more"),
        ("max_master_age_hours", -1, "write a number of 0 or more"),
        ("max_master_age_hours", True, "write a number of 0 or more"),
    ],
)
def test_a_setting_that_cannot_be_used(name: str, value: object, fault: str) -> None:
    (found,) = faults_of({name: value})
    assert fault in found


@pytest.mark.parametrize(
    ("name", "value"),
    [("reporting_currency", "EUR"), ("near_match_threshold", 1), ("as_of", "2026-04-12"),
     ("reporting_timezone", None), ("backfill", True), ("max_master_age_hours", 0)],
)  # fmt: skip
def test_a_setting_that_can(name: str, value: object) -> None:
    assert not faults_of({name: value})


def test_all_faults_of_settings_and_command_line_are_named(tmp_path: Path) -> None:
    (tmp_path / "settings.yml").write_text("extracts: .\norder_value_basis: nett\ncolour: red\n")
    done = command("run", "--company", tmp_path, "--vars", "{backfill: 1}")
    assert done.returncode == 2
    assert [line.partition(": ")[0].rpartition("/")[2] for line in done.stderr.splitlines()] == [
        "settings.yml", "settings.yml", "--vars",
    ]  # fmt: skip
