"""The twenty most likely mistakes of a first week, and the whole text that a person sees.

Each is a sentence, or one a line, with what to do; no traceback; exit code 2; nothing is built.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from test_company import customer, order, write

from pipelines.__main__ import cli

ENTITIES = (
    "legal_entity_id,legal_entity_name,erp,erp_code,functional_currency_code,country_code,"
    "time_zone,is_reporting_entity\ngmbh,GmbH,bc,gmbh,EUR,DE,Europe/Berlin,true\n"
)
COLUMNS = (
    "platform,instance,store_name,segment,time_zone,default_legal_entity_id,order_reference_rule,"
    "order_reference_prefix,is_in_scope"
)
STORES = f"{COLUMNS}\nshopify,laden,Laden,dtc,Europe/Berlin,gmbh,,,true\n"
SETTINGS = "extracts: ../extracts\nreporting_currency: EUR\nreporting_timezone: Europe/Berlin\n"
RUN = "run --company {here}/acme"
Do = Callable[[Path], object]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A company and its extracts, without a fault."""
    write(tmp_path / "extracts", "shopify/laden/orders", [order(1, "a@x.test")])
    write(tmp_path / "extracts", "d365_bc/gmbh/customers", [customer("10", "b@x.test")])
    (tmp_path / "acme").mkdir()
    settings(tmp_path).write_text(SETTINGS)
    stores(tmp_path).write_text(STORES)
    (tmp_path / "acme/field_map_legal_entities.csv").write_text(ENTITIES)
    return tmp_path


def settings(here: Path) -> Path:
    return here / "acme/settings.yml"


def stores(here: Path) -> Path:
    return here / "acme/field_map_stores.csv"


def customers(here: Path) -> Path:
    return here / "extracts/d365_bc/gmbh/customers.jsonl"


def nothing(_: Path) -> None:
    """The mistake is in the command."""


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def up(here: Path) -> None:
    (here / "up").mkdir()
    (here / "extracts").rename(here / "up/extracts")


MISTAKES: dict[str, tuple[Do, str, str]] = {
    "a folder that is not there": (
        nothing, "run --extracts {here}/extract",
        "{here}/extract: no such folder; give the folder of your extracts.",
    ),
    "a company that is not there": (
        nothing, "run --company {here}/acmee",
        "--company {here}/acmee: no such folder; `init` writes one.",
    ),
    "a folder one level too high": (
        up, "run --extracts {here}/up",
        "{here}/up: no source folder in it, but {here}/up/extracts has one; name that folder.",
    ),
    "an empty folder": (
        lambda here: (here / "empty").mkdir(), "run --extracts {here}/empty",
        "{here}/empty: no source folder in it (adobe_commerce, bigcommerce, d365_bc, d365_fo, "
        "dataverse, power_automate, shopify); expected files such as "
        "shopify/<shop>/orders.jsonl below it.",
    ),
    "a date as it is written at home": (
        nothing, f"{RUN} --as-of 12.04.2026",
        "the as-of '12.04.2026' is not a date; write it as 2026-04-12 or 2026-04-12T15:00:00Z.",
    ),
    "a setting with a wrong name": (
        lambda here: add(settings(here), "max_subject_per_key: 9\n"), RUN,
        "{here}/acme/settings.yml: there is no setting max_subject_per_key; did you mean "
        "max_subjects_per_key?",
    ),
    "a setting with a wrong value": (
        lambda here: add(settings(here), "order_value_basis: nett\n"), RUN,
        "{here}/acme/settings.yml: order_value_basis is 'nett'; write net or gross.",
    ),
    "a city as time zone": (
        lambda here: settings(here).write_text(SETTINGS.replace("Europe/Berlin", "Berlin")), RUN,
        "{here}/acme/settings.yml: reporting_timezone is 'Berlin', which is no time zone; write "
        "Europe/Berlin.",
    ),
    "a currency by its name": (
        lambda here: settings(here).write_text(SETTINGS.replace("EUR", "Euro")), RUN,
        "{here}/acme/settings.yml: reporting_currency is 'Euro', which is no ISO currency; write a "
        "code such as EUR.",
    ),
    "settings without colons": (
        lambda here: settings(here).write_text("extracts ../extracts"), RUN,
        "{here}/acme/settings.yml: 'extracts ../extracts' is not a mapping; write {{name: value}}.",
    ),
    "settings without extracts": (
        lambda here: settings(here).write_text("reporting_currency: EUR\n"), RUN,
        "{here}/acme/settings.yml names no extracts; add `extracts: <folder>`, or load the live "
        "systems with `daily`.",
    ),
    "vars that are a list": (
        nothing, f"{RUN} --vars [net]", "the vars: '[net]' is not a mapping; write {{name: value}}."
    ),
    "a file that was forgotten": (
        lambda here: stores(here).unlink(), RUN,
        "{here}/acme: field_map_stores.csv is missing; it needs " + COLUMNS.replace(",", ", ") + ".",
    ),
    "a file with almost its name": (
        lambda here: add(here / "acme/field_map_stores.csv", "")
        or stores(here).with_name("field_map_ship_to_country.csv").write_text("country_code\n"), RUN,
        "{here}/acme/field_map_ship_to_country.csv: the field map has no such file; did you mean "
        "field_map_ship_to_countries.csv? Rename it.",
    ),
    "a row with too few cells": (
        lambda here: add(stores(here), "shopify,eu,EU\n"), RUN,
        "{here}/acme/field_map_stores.csv, line 3: 3 values for 9 columns (" + COLUMNS + "); write "
        "an empty cell as two commas, and a comma inside a value in quotes.",
    ),
    "an entity in other letters": (
        lambda here: stores(here).write_text(STORES.replace("gmbh", "GMBH")), RUN,
        "{here}/acme/field_map_stores.csv, line 2: default_legal_entity_id is 'GMBH'; write an "
        "entity of field_map_legal_entities.csv: gmbh.",
    ),
    "a store twice": (
        lambda here: add(stores(here), STORES.splitlines()[1]), RUN,
        "{here}/acme/field_map_stores.csv, line 3: shopify, laden is also on line 2; keep one.",
    ),
    "a file saved as Unicode text": (
        lambda here: stores(here).write_bytes(STORES.encode("utf-16")), RUN,
        "{here}/acme/field_map_stores.csv cannot be read ('utf-8' codec can't decode byte 0xff in "
        "position 0: invalid start byte); save it as UTF-8.",
    ),
    "cards before the first run": (
        nothing, "cards --company {here}/acme",
        "{here}/warehouse/published/marts.duckdb: nothing is published yet; run `make run`.",
    ),
    "an API without its name": (
        nothing, "load shopify",
        "No instance of shopify is configured: list its names in [sources.shopify] instances of "
        ".dlt/config.toml; .dlt/secrets.example.toml shows how.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_whole_text_of_a_mistake(
    here: Path, mistake: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    do, arguments, text = MISTAKES[mistake]
    do(here)
    monkeypatch.setattr(sys, "argv", ["pipelines", *arguments.format(here=here).split()])
    mask = os.umask(0)
    try:
        with pytest.raises(SystemExit) as ended:
            cli()
    finally:
        os.umask(mask)
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"ERROR {text.format(here=here)}\n"
    assert not (here / "warehouse/warehouse.duckdb").exists()


def test_there_are_twenty() -> None:
    assert len(MISTAKES) == 20
