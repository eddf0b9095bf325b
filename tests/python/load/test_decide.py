"""`decide`: one row at the end of onboarding_decisions.csv, checked against the last build."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from pipelines.__main__ import main
from pipelines.commands.field_map import prepare_field_map
from pipelines.settings import FIELD_MAP_SEEDS, InputError, warehouse_for

BUILD = """
create schema intermediate; create schema seeds;
create table intermediate.int_customers as from (values
    ('c1', 'shopify:s:guest:jo@x.test', 'guest', 'Jo'),
    ('c1', 'shopify:s:account:7', 'account', 'Jo Mason'),
    ('c2', 'bigcommerce:b:company:3', 'company', null)
) as customers(customer_id, subject_key, subject_type, subject_name);
create table intermediate.int_erp_parties as from (values
    ('fo', 'ustr', 'ustr', 'US-1', 'Mason'), ('fo', 'catr', 'catr', 'CA-1', null),
    ('bc', null, 'cronus', 'US-1', 'Another'), ('dataverse', 'ustr', null, 'DV-1', 'Row')
) as parties(d365_system, legal_entity_id, erp_code, d365_customer_id, customer_name);
create table seeds.field_map_legal_entities as from (values
    ('ustr', 'ustr'), ('catr', 'catr'), ('BECO', 'ustr')
) as entities(legal_entity_id, customer_master_legal_entity_id);
"""
HEADER = "customer,decision,legal_entity_id,d365_customer_id,until_date,decided_by,decided_on,note"


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A company whose last build has three accounts and two customers."""
    monkeypatch.setenv("WAREHOUSE_DIR", str(tmp_path / "warehouse"))
    folder = tmp_path / "acme"
    folder.mkdir()
    target = warehouse_for(folder)
    target.root.mkdir()
    with duckdb.connect(str(target.marts)) as con:
        con.execute(BUILD)
    return folder


def said(company: Path, *arguments: str) -> str:
    """What the command says; an error in its own words."""
    given = ["decide", "--company", str(company), *arguments, "--by", "ann"]
    done = CliRunner().invoke(main, given)
    if done.exception and not isinstance(done.exception, InputError | SystemExit):
        raise done.exception
    return str(done.exception) if isinstance(done.exception, InputError) else done.output


def rows(company: Path) -> list[list[str]]:
    with (company / "onboarding_decisions.csv").open(newline="", encoding="utf-8-sig") as file:
        return [[*row[:6], row[7]] for row in csv.reader(file)][1:]


def test_a_row_is_spelled_as_the_build_spells_it(company: Path) -> None:
    """By customer id or any subject key, in any letters; the account before the guest; a shared
    master is that of its owner; a company that is no entity goes by its code."""
    assert "Jo Mason same_as ustr US-1 Mason: written" in said(
        company, "C1", "SAME_AS", "beco", "us-1", "--note", 'it\'s\nJo, "Mason"'
    )
    assert "written" in said(company, "SHOPIFY:s:guest:Jo@x.test", "not_same", "CRONUS", "us-1")
    assert "bigcommerce:b:company:3 set_aside_until 2026-05-01: written" in said(
        company, "c2", "set_aside_until", "2026-05-01"
    )
    assert rows(company) == [
        ["shopify:s:account:7", "same_as", "ustr", "US-1", "", "ann", 'it\'s Jo, "Mason"'],
        ["shopify:s:account:7", "not_same", "cronus", "US-1", "", "ann", ""],
        ["bigcommerce:b:company:3", "set_aside_until", "", "", "2026-05-01", "ann", ""],
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("c9 same_as ustr US-1", "c9 is no customer with a recent order"),
        ("c1 same_as ustr CA-1", "ustr has no D365 customer CA-1; this number is in catr."),
        ("c1 same_as ustr DV-1", "ustr has no D365 customer DV-1."),
        ("c1 same_as ustr", "same_as needs legal_entity_id and d365_customer_id; given: ustr."),
        ("c1 set_aside_until", "set_aside_until needs until_date; given: nothing."),
        ("c1 set_aside_until 2026-5-1", "line 2: until_date is '2026-5-1'; write a date"),
        ("c1 forget ustr US-1", "'forget' is not one of 'same_as', 'not_same', 'set_aside_until'"),
    ],
)
def test_what_names_nothing_is_not_written(company: Path, arguments: str, sentence: str) -> None:
    assert sentence in said(company, *arguments.split())
    assert not [path.name for path in company.iterdir()]


def test_the_rest_of_the_file_stays_as_it_is(company: Path) -> None:
    """Order, comments, separator, line ends and BOM; a row is not written twice."""
    path = company / "Onboarding_Decisions.csv"
    before = f"# ours\r\n{HEADER}\r\nc2,not_same,ustr,US-1,,bo,,\r\n".replace(",", ";")
    path.write_bytes(before.encode("utf-8-sig"))
    assert "written" in said(company, "c1", "same_as", "ustr", "US-1")
    after = path.read_bytes()
    assert after.startswith(before.encode("utf-8-sig"))
    added = after[len(before.encode("utf-8-sig")) :]
    assert added.startswith(b"shopify:s:account:7;same_as;ustr;US-1;;ann;")
    assert added.endswith(b";\r\n")
    assert "line 5: shopify:s:account:7, same_as, ustr, us-1 is also on line 4; keep one." in said(
        company, "shopify:s:guest:jo@x.test", "same_as", "BECO", "US-1"
    )
    assert path.read_bytes() == after
    assert [one.name for one in company.iterdir()] == [path.name]


def test_without_a_company_or_a_build_nothing_is_written(company: Path) -> None:
    done = CliRunner().invoke(main, ["decide", "c1", "same_as", "ustr", "US-1"])
    assert "kept in the folder of a company: give --company" in str(done.exception)
    warehouse_for(company).marts.unlink()
    assert "nothing is built; run `make run`" in said(company, "c1", "same_as", "ustr", "US-1")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("c1,same_as,ustr,,,,,", "line 2: same_as needs customer, legal_entity_id, d365_customer"),
        (",not_same,ustr,US-1,,,,", "line 2: not_same needs customer"),
        ("c1,set_aside_until,ustr,US-1,2026-05-01,,,", "needs customer, until_date and no other"),
        ("c1,same,ustr,US-1,,,,", "line 2: decision is 'same'; write one of same_as, not_same"),
        ("c1,same_as,ustr,US-1,,,1.5.2026,", "line 2: decided_on is '1.5.2026'; write a date"),
        ("c1,same_as,ustr,US-1,,,,\nC1,Same_as,USTR,us-1,,,,x", "line 3: c1, same_as, ustr, us-1"),
    ],
)
def test_a_run_refuses_a_row_that_says_nothing(company: Path, row: str, sentence: str) -> None:
    (company / "onboarding_decisions.csv").write_text(f"{HEADER}\n{row}\n")
    for name in ("field_map_legal_entities", "field_map_stores"):
        text = (FIELD_MAP_SEEDS / f"{name}.csv").read_text()
        (company / f"{name}.csv").write_text(text)
    with pytest.raises(InputError, match=sentence.replace("'", ".").replace("(", ".")):
        prepare_field_map(warehouse_for(company), company)
