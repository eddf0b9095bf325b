"""The worked example without D365 files: no one is found, and nothing may say everyone is absent."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from golden_sample import AS_OF, REPOSITORY, BuiltSample

EMPTY = ("onboarding_worklist", "onboarding_orders", "onboarding_headline_vs_twin",
         "onboarding_near_matches", "onboarding_duplicate_candidates",
         "onboarding_import_records")  # fmt: skip


def test_without_a_customer_master_there_is_no_number_and_no_list(tmp_path: Path) -> None:
    """The build is green, the cards are not_available, the lists are empty."""
    extracts, warehouse = tmp_path / "extracts", tmp_path / "warehouse"
    for source in ("shopify", "bigcommerce", "dataverse", "power_automate"):
        shutil.copytree(REPOSITORY / "samples" / "worked_example" / source, extracts / source)
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "run", "--extracts", str(extracts), "--as-of", AS_OF],
        cwd=REPOSITORY,
        env=os.environ | {"WAREHOUSE_DIR": str(warehouse)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    sample = BuiltSample("without_d365", warehouse, done.stdout)
    cards = {row["card_id"]: row for row in sample.rows("from cards.card_values")}
    flows = cards.pop("power_automate_flow_failures")
    assert (flows["value"], flows["state"]) == (3, "alert")
    for card in cards.values():
        assert (card["value"], card["state"]) == (None, "not_available"), card["card_id"]
        assert "not loaded: d365_fo" in card["state_reason"]
    counts = {
        name: sample.rows(f"select count(*) as n from onboarding.{name}")[0]["n"] for name in EMPTY
    }
    assert counts == dict.fromkeys(EMPTY, 0)
