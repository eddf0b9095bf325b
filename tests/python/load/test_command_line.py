"""The command line: exit codes, one message per error, nothing done twice."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tomllib
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
from extract_folder import Extracts
from rich.console import Console

from pipelines.commands import run as run_module
from pipelines.commands.doctor import print_doctor
from pipelines.commands.options import parse_vars
from pipelines.commands.run import run
from pipelines.commands.steps import RunRequest, is_repeatable
from pipelines.locking import only_run
from pipelines.publish.cards import print_cards
from pipelines.publish.sets import begin_set, finish_set, published_place, switch
from pipelines.settings import (
    PROJECT,
    SAMPLE_EXTRACTS,
    SAMPLE_WAREHOUSE,
    InputError,
    Warehouse,
    warehouse_for,
)
from pipelines.sources.tables import SOURCES


def command(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipelines", *map(str, arguments)],
        cwd=PROJECT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_load_says_what_it_did(extracts: Extracts) -> None:
    extracts.write("bigcommerce/b2b/customers.jsonl", '{"id": 1}\n{"id": \n')
    extracts.write("notes.txt", "x")
    done = command("load", "extracts", extracts.root)
    assert done.returncode == 0, done.stderr
    summary = [line.split() for line in done.stdout.splitlines() if "customers " in line]
    assert summary[0][:7] == ["bigcommerce", "b2b", "customers", "2", "1", "1", "1"]
    assert "1 record was rejected" in done.stdout
    assert "Not read: notes.txt: outside of an instance folder" in done.stdout


def test_faulty_source_is_exit_code_2_and_the_others_are_loaded(extracts: Extracts) -> None:
    extracts.write("bigcommerce/b2b/customers.csv", "mail\nx\n")
    extracts.write("dataverse/prod/cdm_companies.jsonl", [{"cdm_companyid": "c"}])
    done = command("load", "extracts", extracts.root)
    assert done.returncode == 2
    assert "customers.csv: the column id is missing" in done.stdout
    assert extracts.rows("select count(*) from raw_dataverse.cdm_companies") == [(1,)]


@pytest.mark.parametrize(
    "arguments",
    [
        ("load", "extracts", "nowhere"),
        ("run", "--extracts", "nowhere"),
        ("run", "--as-of", "soon"),
        ("run", "--vars", "[1]"),
        ("run", "--field-map", "nowhere"),
        ("publish",),
        ("cards",),
    ],
)
def test_wrong_input_is_one_sentence_and_exit_code_2(arguments: tuple[str, ...]) -> None:
    done = command(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("ERROR ")
    assert len(done.stderr.splitlines()) == 1


def test_doctor_of_an_empty_warehouse() -> None:
    done = command("doctor")
    assert done.returncode == 0, done.stderr
    assert "Nothing is loaded yet" in done.stdout
    assert all(f"{source}: not configured" in done.stdout for source in SOURCES)


def test_doctor_of_an_api_that_has_loaded_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is configured, so doctor does not say the opposite."""
    monkeypatch.setenv("SOURCES__SHOPIFY__INSTANCES", '["laden"]')
    monkeypatch.setenv("SOURCES__SHOPIFY__LADEN__SHOP", "laden")
    lines = command("doctor").stdout.splitlines()
    assert "shopify: nothing loaded yet" in lines and "d365_bc: not configured" in lines


def test_doctor_tells_how_fresh_and_what_is_missing(extracts: Extracts) -> None:
    extracts.write("d365_fo/prod/legal_entities.jsonl", [{"LegalEntityId": "ustr"}])
    extracts.load()
    extracts.write("d365_fo/prod/legal_entities.jsonl", "")
    extracts.load()
    done = command("doctor")
    assert "kept_old" in done.stdout and "the 1 rows of the last load stay" in done.stdout
    assert "d365_fo: nothing loaded of customers, customer_electronic_addresses" in done.stdout


def test_two_runs_at_once(tmp_path: Path) -> None:
    target = Warehouse(tmp_path / "warehouse")
    busy = pytest.raises(InputError, match="another run is in progress in")
    with only_run(target), busy, only_run(target):
        pass
    with only_run(target):
        pass


def test_warehouse_of_an_extract_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert warehouse_for(tmp_path).root == tmp_path / "warehouse"
    monkeypatch.delenv("WAREHOUSE_DIR")
    assert warehouse_for(SAMPLE_EXTRACTS).root == SAMPLE_WAREHOUSE
    folders = [tmp_path / "a" / "My Extracts", tmp_path / "b" / "My Extracts"]
    roots = {warehouse_for(folder).root for folder in folders}
    assert len(roots) == 2
    assert all(root.parent == PROJECT / "data" for root in roots)
    assert all(root.name.startswith("my_extracts-") for root in roots)


def test_vars_and_as_of() -> None:
    assert parse_vars("{a: 1, b: x}") == {"a": 1, "b": "x"}
    assert parse_vars(None) == {}
    request = RunRequest(Warehouse(Path("x")), Path("y"), "2026-04-12", None, {"a": 1})
    assert request.all_vars == {"a": 1, "as_of": "2026-04-12"}


def test_only_a_past_as_of_gives_the_same_again() -> None:
    assert is_repeatable("2026-04-12", {})
    assert not is_repeatable(None, {})
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # two dates at any time
        here = datetime.now(ZoneInfo(zone)).date().isoformat()
        assert not is_repeatable(here, {"reporting_timezone": zone})


class FakeBuild:
    """Count builds; publish a file and the manifest like the real publish."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        monkeypatch.setattr(run_module, "build_marts", lambda *_: True)
        monkeypatch.setattr(run_module, "print_warnings", lambda *_: None)
        monkeypatch.setattr(run_module, "publish", self.publish)
        monkeypatch.setattr(run_module, "print_cards", lambda *_: None)

    def publish(self, target: Warehouse, fingerprint: str) -> None:
        self.count += 1
        duckdb.connect(str(target.marts)).close()
        place = published_place(target)
        folder = begin_set(place, f"run-{self.count}")
        duckdb.connect(str(folder / "marts.duckdb")).close()
        (folder / "manifest.json").write_text(json.dumps({"fingerprint": fingerprint}))
        switch(place, finish_set(folder))


def test_second_run_builds_only_after_a_change(
    extracts: Extracts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    build = FakeBuild(monkeypatch)
    out = io.StringIO()
    field_map = tmp_path / "map"
    field_map.mkdir()
    for name in ("legal_entities", "stores"):
        header = (PROJECT / f"seeds/field_map/field_map_{name}.csv").read_text().splitlines()[0]
        (field_map / f"field_map_{name}.csv").write_text(f"{header}\n")

    def go(as_of: str | None = "2026-04-12", **dbt_vars: object) -> int:
        request = RunRequest(extracts.target, extracts.root, as_of, field_map, dbt_vars)
        assert run(request, Console(file=out, width=200))
        return build.count

    extracts.write("dataverse/prod/cdm_companies.jsonl", [{"cdm_companyid": "c"}])
    assert go() == 1
    assert go() == 1
    assert "Nothing has changed since the last run" in out.getvalue()
    extracts.write("dataverse/prod/cdm_companies.jsonl", [{"cdm_companyid": "d"}])
    assert go() == 2
    assert go() == 2
    assert go(max_subjects_per_key=9) == 3
    assert go(as_of="2026-04-11", max_subjects_per_key=9) == 4
    assert go(as_of=None) == 5
    assert go(as_of=None) == 6
    assert go() == 7
    stores = field_map / "field_map_stores.csv"
    stores.write_text(stores.read_text() + "shopify,us,US,,UTC,,,,true\n")
    assert go() == 8
    (extracts.target.published / "marts.duckdb").unlink()
    assert go() == 9
    assert go() == 9


def test_problem_of_one_source_is_told_by_the_run(
    extracts: Extracts, monkeypatch: pytest.MonkeyPatch
) -> None:
    FakeBuild(monkeypatch)
    extracts.write("bigcommerce/b2b/customers.csv", "mail\nx\n")
    extracts.write("dataverse/prod/cdm_companies.jsonl", [{"cdm_companyid": "c"}])
    request = RunRequest(extracts.target, extracts.root, "2026-04-12")
    assert not run(request, Console(file=io.StringIO()))


def test_cards_are_printed_headline_first(tmp_path: Path) -> None:
    target = Warehouse(tmp_path / "warehouse")
    target.published.mkdir(parents=True)
    with duckdb.connect(str(target.published / "marts.duckdb")) as con:
        con.execute(
            """
            create schema cards;
            create schema worklist;
            create table cards.card_values as select
                'ecom_customers_absent_from_d365_customer_master' as card_id, 1 as card_order,
                'Ecom customers absent from D365 customer master' as title, 'customers' as unit,
                date '2026-04-12' as as_of_date, timestamp '2026-04-06 04:00' as window_start_at,
                7 as window_days, '2026-04-06 to 2026-04-12' as window_text,
                'above 10' as alert_text, 17 as value, null::int as previous_value, 6 as b2b_value,
                11 as dtc_value, 61200.00::decimal(18, 2) as reporting_value,
                'USD' as reporting_currency_code, 18400::decimal(18, 2) as largest_customer_value,
                4 as also_in_dataverse_value, 10 as threshold, 'alert' as state,
                null::varchar as state_reason;
            insert into cards.card_values
                select * replace ('other' as card_id, 2 as card_order, 'Other' as title,
                    null as value, 'missing_data' as state, 'customer master is empty'
                    as state_reason) from cards.card_values;
            insert into cards.card_values
                select * replace (date '2026-04-11' as as_of_date, 31337 as value)
                from cards.card_values;
            create table worklist.onboarding_worklist as
                select 1 as worklist_rank, 'Wholesale-X' as customer_name;
            create table worklist.rejected_records as select * from (values
                ('unknown country: the order is mapped without it'), ('no id'), ('[b]no id'),
                ('unknown country: tax id and name are compared without it')) as t(reason);
            """
        )
    out = io.StringIO()
    print_cards(target, Console(file=out, width=200))
    text = out.getvalue()
    for expected in (
        "As of 2026-04-12",
        "17 customers   ALERT",
        "2026-04-06 to 2026-04-12",
        "6 / 11",
        "$61,200.00",
        "$18,400.00 (Wholesale-X)",
        "also in Dataverse  4",
        "MISSING_DATA",
        "Other: customer master is empty\n",
        "\n4 values are refused; worklist.rejected_records has source, key, column, value and",
        "\n        2  unknown country\n        1  [b]no id\n        1  no id\n",
    ):
        assert expected in text
    assert "31,337" not in text and "31337" not in text


def test_doctor_names_a_store_that_withholds_its_e_mails(tmp_path: Path) -> None:
    target = Warehouse(tmp_path)
    with duckdb.connect(str(target.marts)) as con:
        con.execute(
            """
            create schema test_failures;
            create table test_failures.stores_give_values_for_every_key as
                select 'shopify' as platform, 'shop-c' as instance, 'email' as key_type,
                    cast(null as varchar) as source_field, 'no email in 3 of 3 orders' as finding;
            """
        )
    out = io.StringIO()
    print_doctor(target, Console(file=out, width=200))
    assert "Store shopify shop-c: no email in 3 of 3 orders; give its app access" in out.getvalue()


def test_secrets_example_names_known_sources_only() -> None:
    example = tomllib.loads((PROJECT / ".dlt" / "secrets.example.toml").read_text())
    assert set(example["sources"]) == set(SOURCES)


def test_an_installed_package_works_in_an_empty_folder(tmp_path: Path) -> None:
    """`pip install .` carries the project and a sample; what it writes is in the working folder."""
    place, folder = tmp_path / "site", tmp_path / "work"
    folder.mkdir()
    uv = (Path(sys.executable).with_name("uv"), "pip", "install", "--quiet", "--no-deps")
    options = ("--no-build-isolation", "--python", sys.executable, "--target", place)
    subprocess.run([*uv, *options, PROJECT], check=True)
    carried = sorted(place.rglob("*"))
    done = subprocess.run(
        [sys.executable, place / "bin" / "customer-coverage", "run"],
        cwd=folder,
        env=os.environ
        | {"PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1", "WAREHOUSE_DIR": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "17 customers" in done.stdout
    assert f"--project-dir {place / 'pipelines' / 'project'}" in done.stdout.replace("\n", "")
    assert (folder / "data/worked_example/published/marts.duckdb").is_file()
    assert sorted(place.rglob("*")) == carried
