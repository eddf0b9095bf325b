"""The worked example with contacts of its D365 customers: a buyer who orders for a company is found
by the contact that D365 has, a private buyer with the same address is not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from golden_sample import AS_OF, REPOSITORY, BuiltSample

HARBORLINE, HERON = "000004200", "000004207"  # parties of ustr US-0231 and US-0105


def contact(number: int, party: str, email: str, **others: str) -> dict[str, str]:
    person = {"dataAreaId": "ustr", "ContactPersonId": f"CP-{number}", "IsInactive": "No"}
    return {**person, "AssociatedPartyNumber": party, "PrimaryEmailAddress": email, **others}


CONTACTS = (
    contact(1, HARBORLINE, "Purchasing@Harborline-Supply.test"),  # orders for a company
    contact(2, HARBORLINE, "caleb.winthrop@sagebrush.test"),  # orders for himself
    contact(3, HERON, "ap@wholesale-x.test", IsInactive="Yes"),
    contact(4, "4207", "books@ledgerly.test"),  # two companies order with it
)


def test_a_contact_finds_the_customer_of_a_company(tmp_path: Path) -> None:
    extracts = tmp_path / "extracts"
    shutil.copytree(REPOSITORY / "samples" / "worked_example", extracts)
    (folder,) = (extracts / "d365_fo").iterdir()
    text = "\n".join(map(json.dumps, CONTACTS))
    (folder / "contact_persons.jsonl").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "run", "--extracts", str(extracts), "--as-of", AS_OF],
        cwd=REPOSITORY,
        env=os.environ | {"WAREHOUSE_DIR": str(tmp_path / "warehouse")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    sample = BuiltSample("contacts", tmp_path / "warehouse", done.stdout)
    values = {row["card_id"]: row["value"] for row in sample.rows("from cards.card_values")}
    assert values["ecom_customers_absent_from_d365_customer_master"] == 16
    assert values["ecom_customers_absent_from_d365"] == 16
    names = {row["customer_name"] for row in sample.rows("from onboarding.onboarding_worklist")}
    assert "Harborline Supply Co." not in names
    assert {"Caleb Winthrop", "Wholesale-X"} <= names
    assert {"Cascade Trail Outfitters", "Southern Cross Imports"} <= names
    found = sample.rows(
        "select key_types, absent_customer_count as customer_count from onboarding.onboarding_key_sensitivity"
        " where key_types in ('email + external_id + tax_id',"
        " 'email + external_id + tax_id + contact_email') order by key_types desc"
    )
    assert [(row["key_types"], row["customer_count"]) for row in found] == [
        ("email + external_id + tax_id + contact_email", 16),
        ("email + external_id + tax_id", 17),
    ]
    tried = sample.rows(
        "select outcome from onboarding.onboarding_keys_tried"
        " where d365_field = 'contacts.email' and key_values = 'ap@wholesale-x.test'"
    )
    assert tried == [{"outcome": "dataverse_only"}]
    shared = sample.rows(
        "select distinct outcome, unusable_because from onboarding.onboarding_keys_tried"
        " where d365_field = 'contacts.email' and contains(key_values, 'books@ledgerly.test')"
        " and unusable_because is not null"
    )
    assert [row["unusable_because"] for row in shared] == ["several companies order with it"]
