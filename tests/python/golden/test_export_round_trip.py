"""Round trip: exported customers, fed back as D365 extracts, are found on the next run."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from golden_sample import AS_OF, REPOSITORY, BuiltSample

READY = """
    select worklist_key, customer_id, expected_legal_entity_id
    from onboarding.onboarding_import_records
    where import_state = 'ready'
"""
UNMAPPED = """
    select order_key, customer_id, expected_legal_entity_id
    from cards.card_commerce_orders_without_business_central_sales_order
    where reason = 'unmapped_customer'
"""
HEADLINE = "select customer_id from cards.card_ecom_customers_absent_from_d365_customer_master"


def pipelines(folder: Path, *arguments: str) -> None:
    """Runs the command line on the warehouse in the folder."""
    command = [sys.executable, "-m", "pipelines", *arguments]
    environment = os.environ | {"WAREHOUSE_DIR": str(folder)}
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]


def d365_adds(row: dict[str, str], number: int, entity: str) -> dict[str, str]:
    """Values D365 sets when it creates the customer: number, company, id, no block."""
    if "IDENTIFICATIONNUMBER" in row:
        account = row["CUSTOMERACCOUNT"] or f"NEW-{number:04d}"
        return row | {"CUSTOMERACCOUNT": account, "DATAAREAID": entity, "ONHOLDSTATUS": "No"}
    return row | {"id": f"00000000-0000-0000-0000-{number:012d}", "blocked": "_x0020_"}


def feed_back(exports: Path, extracts: Path) -> int:
    """Append the exported files to the customer masters; return the number of customers."""
    count = 0
    for number_of_file, path in enumerate(sorted(exports.glob("*/*.csv")), 2):
        kind, _, entity = path.stem.rpartition("_")
        source = {"CustomersV3": "d365_fo", "BC_customers": "d365_bc"}[kind]
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        rows = [d365_adds(row, count + number, entity) for number, row in enumerate(rows, 1)]
        count += len(rows)
        instance = "fo-prod" if source == "d365_fo" else entity
        whole = extracts / source / instance / "customers.jsonl"
        if whole.exists():
            whole.rename(whole.with_name("customers.part-0001.jsonl"))
        part = extracts / source / instance / f"customers.part-{number_of_file:04d}.csv"
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return count


@pytest.mark.parametrize("name", ["worked_example", "business_central"])
def test_exported_customers_are_found_on_the_next_run(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    before: BuiltSample = request.getfixturevalue(name)
    pipelines(before.folder, "export", "onboarding")
    extracts = tmp_path / name
    shutil.copytree(REPOSITORY / "samples" / name, extracts)
    exported = before.rows(READY)
    assert exported
    assert feed_back(before.folder / "exports" / "onboarding", extracts) == len(exported)

    field_map = [] if name == "worked_example" else ["--field-map", str(extracts / "field_map")]
    if field_map:
        shutil.move(extracts / "field_map", tmp_path / "field_map")
        field_map[1] = str(tmp_path / "field_map")
    folder = tmp_path / "warehouse"
    (folder / "published").mkdir(parents=True)
    shutil.copy(before.folder / "published" / "salt", folder / "published")  # the same customer ids
    pipelines(folder, "run", "--extracts", str(extracts), "--as-of", AS_OF, *field_map)
    after = BuiltSample(name, folder, "")

    keys = {row["worklist_key"] for row in exported}
    worklist = "select worklist_key, customer_id from onboarding.onboarding_worklist"
    left = [row for row in before.rows(worklist) if row["worklist_key"] not in keys]
    assert {row["worklist_key"] for row in after.rows(worklist)} == {
        row["worklist_key"] for row in left
    }
    assert {row["customer_id"] for row in after.rows(HEADLINE)} == {
        row["customer_id"] for row in left
    }
    found = {(row["customer_id"], row["expected_legal_entity_id"]) for row in exported}
    waiting = [
        row
        for row in before.rows(UNMAPPED)
        if (row["customer_id"], row["expected_legal_entity_id"]) in found
    ]
    assert waiting, "no order of an exported customer was on the order card"
    still = {row["order_key"] for row in after.rows(UNMAPPED)}
    assert not still & {row["order_key"] for row in waiting}
    assert still == {row["order_key"] for row in before.rows(UNMAPPED)} - {
        row["order_key"] for row in waiting
    }
