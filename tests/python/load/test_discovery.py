"""Files found in an extract folder, and messages about the rest."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from extract_folder import Extracts

from pipelines.load.discovery import find_extracts
from pipelines.settings import InputError
from pipelines.sources.tables import SOURCES


def touch(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()


def problems(root: Path) -> list[str]:
    return [problem.sentence for problem in find_extracts(root).problems]


def test_instances_resources_and_parts(tmp_path: Path) -> None:
    touch(
        tmp_path,
        "Shopify/us shop/ORDERS.JSONL",
        "d365_bc/CRONUS/customers.part-0002.csv.gz",
        "d365_bc/CRONUS/customers.part-0001.parquet",
    )
    found = find_extracts(tmp_path)
    assert not found.problems and not found.ignored
    assert {b.title: [(f.label, f.format, f.is_gzip) for f in b.files] for b in found.batches} == {
        "shopify/us shop/orders": [("Shopify/us shop/ORDERS.JSONL", "jsonl", False)],
        "d365_bc/CRONUS/customers": [
            ("d365_bc/CRONUS/customers.part-0001.parquet", "parquet", False),
            ("d365_bc/CRONUS/customers.part-0002.csv.gz", "csv", True),
        ],
    }


def test_data_is_as_fresh_as_the_newest_part(tmp_path: Path) -> None:
    touch(tmp_path, "d365_fo/p/customers.part-1.csv", "d365_fo/p/customers.part-2.csv")
    os.utime(tmp_path / "d365_fo/p/customers.part-1.csv", (1_775_086_400, 1_775_086_400))
    os.utime(tmp_path / "d365_fo/p/customers.part-2.csv", (1_775_000_000, 1_775_000_000))
    found = find_extracts(tmp_path)
    assert found.batches[0].extracted_at == datetime.fromtimestamp(1_775_086_400, UTC)


def test_strangers_are_ignored_and_listed(tmp_path: Path) -> None:
    touch(
        tmp_path,
        "shopify/us/orders.jsonl",
        "shopify/us/orders.jsonl.md5",
        "shopify/us/orders.jsonl.part",
        "shopify/us/notes.txt",
        "shopify/us/order_lines_2024.csv",
        "shopify/readme.md",
        "field_map/field_map_stores.csv",
        "docs/index.html",
        "README.md",
        ".DS_Store",
        "shopify/.DS_Store",
        "shopify/us/._orders.jsonl",
        "shopify/us/~$orders.csv",
    )
    found = find_extracts(tmp_path)
    assert not found.problems
    other = "neither its name nor its columns are those of shopify: orders, customers, company_locations, draft_orders"
    no_source = f"no source; a folder of a source has one of the names {', '.join(SOURCES)}"
    assert found.ignored == [
        "README.md: no data file",
        f"docs: {no_source}",
        f"field_map: {no_source}",
        "shopify/readme.md: no data file",
        "shopify/us/notes.txt: " + other,
        "shopify/us/order_lines_2024.csv: " + other,
        "shopify/us/orders.jsonl.md5: no data file",
        "shopify/us/orders.jsonl.part: no data file",
    ]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("shopfy/us/orders.jsonl", "unknown source 'shopfy'; did you mean 'shopify'?"),
        ("d365_f0/prod/customers.csv", "did you mean 'd365_fo'?"),
        ("shopify/us/ordres.jsonl", "unknown resource 'ordres'; did you mean 'orders'?"),
        ("shopify/us/order.csv", "did you mean 'orders'?"),
        ("shopify/us/orders.xml", "this format is not read; save orders as .jsonl"),
        ("shopify/us/customers.xls", "this format is not read"),
        ("shopify/us/orders.jsonl.zip", "this format is not read"),
        (
            "shopify/us/orders.part-final.jsonl",
            "'part-final' is not a part number; name it orders.part-0001.jsonl, or remove it",
        ),
        ("shopify/us/Orders.Part-Final.CSV.gz", "name it orders.part-0001.csv.gz"),
        ("shopify/us/orders.2024.parquet", "'2024' is not a part number"),
        ("shopify/orders.jsonl", "the instance folder is missing"),
    ],
)
def test_likely_mistakes_are_problems(tmp_path: Path, path: str, sentence: str) -> None:
    touch(tmp_path, "dataverse/prod/accounts.jsonl", path)
    found = problems(tmp_path)
    assert len(found) == 1
    assert sentence in found[0]
    assert str(tmp_path / path.split("/")[0]) in found[0]


@pytest.mark.parametrize(
    ("paths", "sentence"),
    [
        (("shopify/us/orders.jsonl", "shopify/us/orders.csv"), "both contain orders"),
        (("shopify/us/orders.jsonl", "shopify/us/orders.jsonl.gz"), "both contain orders"),
        (
            ("shopify/us/orders.jsonl", "shopify/us/orders.part-0001.jsonl"),
            "orders.jsonl is all of orders, and orders.part-0001.jsonl only a part; remove the"
            " outdated one, or rename the first to orders.part-0000.jsonl",
        ),
        (
            ("shopify/us/orders.part-0002.csv", "shopify/us/orders.parquet"),
            "orders.parquet is all of orders, and orders.part-0002.csv only a part",
        ),
        (
            ("shopify/us/orders.part-1.jsonl", "shopify/us/orders.part-0001.csv"),
            "both contain orders",
        ),
        (("shopify/US/orders.jsonl", "shopify/us/orders.jsonl"), "are the same instance"),
        (("Shopify/a/orders.jsonl", "shopify/b/orders.jsonl"), "are the same source"),
    ],
)
def test_the_same_thing_twice(tmp_path: Path, paths: tuple[str, ...], sentence: str) -> None:
    touch(tmp_path, *paths)
    found = problems(tmp_path)
    assert len(found) == 1 and sentence in found[0]


@pytest.mark.parametrize(
    ("folder", "sentence"),
    [
        ("missing", "no such folder"),
        ("world/shopify/us/orders.jsonl", "is a file"),
        ("world/shopify/us", "is the folder of one instance; name "),
        ("world/shopify", "is the folder of one source; name its parent"),
        (".", "has one; name that folder"),
        ("empty", "no source folder in it"),
    ],
)
def test_wrong_folder(tmp_path: Path, folder: str, sentence: str) -> None:
    touch(tmp_path, "world/shopify/us/orders.jsonl")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=sentence):
        find_extracts(tmp_path / folder)


def test_problem_of_the_folder_lets_the_others_load(extracts: Extracts) -> None:
    extracts.write("shopfy/us/orders.jsonl", [{"id": "1"}])
    extracts.write("dataverse/prod/cdm_companies.jsonl", [{"cdm_companyid": "c"}])
    report = extracts.load()
    assert len(report.problems) == 1
    assert [result.outcome for result in report.results] == ["loaded"]


COMPANY = {"cdm_companyid": "c"}


@pytest.mark.parametrize(
    ("path", "failed"),
    [
        ("dataverse/prod/accuonts.jsonl", [("prod", "accounts")]),
        ("dataverse/prod/contacts.xls", [("prod", "contacts")]),
        ("dataverse/prod/cdm_companies.csv", [("prod", "cdm_companies")]),
        ("dataverse/Prod/contacts.jsonl", [("Prod", "contacts"), ("prod", "cdm_companies")]),
        ("dataverse/contacts.jsonl", []),
        ("Dataverse/test/contacts.jsonl", [("test", "contacts")]),
    ],
)
def test_problem_keeps_out_only_what_it_concerns(
    extracts: Extracts, path: str, failed: list[tuple[str, str]]
) -> None:
    extracts.write(path, [{"contactid": "c"}])
    extracts.write("dataverse/prod/cdm_companies.jsonl", [COMPANY])
    extracts.write("dataverse/other/cdm_companies.jsonl", [COMPANY])
    report = extracts.load()
    assert len(report.problems) == 1
    assert extracts.output.count("ERROR") == 1
    outcomes = {row[1:4] for row in extracts.log()}
    assert {outcome[:2] for outcome in outcomes if outcome[2] == "failed"} == set(failed)
    if not path.startswith("Dataverse"):
        assert ("other", "cdm_companies", "loaded") in outcomes
        if ("prod", "cdm_companies") not in failed:
            assert ("prod", "cdm_companies", "loaded") in outcomes


def test_entries_that_cannot_be_read_keep_out_their_resource(extracts: Extracts) -> None:
    """A broken or circular link, a named pipe, a folder name that is not UTF-8."""
    extracts.write("dataverse/prod/cdm_companies.jsonl", [COMPANY])
    folder = extracts.root / "dataverse/prod"
    (folder / "accounts.jsonl").symlink_to("/gone")
    (folder / "contacts.jsonl").symlink_to(folder / "contacts.jsonl")
    os.mkfifo(folder / "transactioncurrencies.csv")
    strange = os.fsdecode(b"\xff")
    extracts.write(f"dataverse/{strange}/accounts.jsonl", [{"accountid": "a"}])
    report = extracts.load()
    assert len(report.problems) == 4
    assert sum("is a broken link" in problem for problem in report.problems) == 2
    assert sum("is not a regular file" in problem for problem in report.problems) == 1
    assert sum("is not UTF-8" in problem for problem in report.problems) == 1
    assert extracts.rows("select count(*) from raw_dataverse.cdm_companies") == [(1,)]
    assert {row[2:4] for row in extracts.log()} == {
        *{("accounts", "failed"), ("contacts", "failed"), ("transactioncurrencies", "failed")},
        ("cdm_companies", "loaded"),
    }
