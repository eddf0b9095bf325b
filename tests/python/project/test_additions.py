"""A storefront, a key type and a card are added to a copy of the project, and show where they should.

`additions/` has the new files; otherwise only the edits below are needed: list items and seed rows.
The windows of two cards change too, so that every text must follow the card registry.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[3]
ADDITIONS = Path(__file__).with_name("additions")
AS_OF = "2026-04-12"
HEADLINE = "card_ecom_customers_absent_from_d365_customer_master"
# file → what is put before which text
ITEMS = {
    "dbt_project.yml": {
        "]   # a new platform": ", kiosk",
        "  as_of: null ": "    - {card_id: orders_with_a_phone, row_key: order_key, segment_code: order_segment_code, is_alerting: true}\n",
    },
    "macros/keys.sql": {
        "    ]) }}\n{%- endmacro %}": """\
        {
            'key_type': 'phone', 'list': 'key_text', 'merges': "'persons'",
            'canonical': replace_pattern('part_text', '[^0-9]'),
            'value': 'spelled_text',
            'fault': "case when length(key_value) < 8 then 'shorter than 8 digits' end",
        },
""",
    },
}
ROWS = {
    "seeds/field_map/field_map_stores.csv": "kiosk,hall,The kiosk,dtc,America/New_York,ustr,,K-,true",
    "seeds/field_map/field_map_order_statuses.csv": "kiosk,SOLD,active,false,",
    "seeds/field_map/field_map_match_keys.csv": "phone_fo,headline,kiosk,phone,*.phone,fo,PrimaryContactPhone,40,true",
    "seeds/cards/card_registry.csv": "orders_with_a_phone,8,Orders with a phone,orders,owner,7,,0,,,0,,commerce.orders,,,true,true,false",
}
REGISTRY = {  # card → its columns that change
    "ecom_customers_absent_from_d365_customer_master": (",7,,0,", ",14,,0,"),
    "commerce_orders_without_business_central_sales_order": (",30,,0,24,", ",30,,0,48,"),
}
ORDERS = (  # id, buyer, day, e-mail, phone
    ("1", "1", "10", "one@kiosk.example", None),
    ("2", "2", "10", None, "+1 (555) 0102-000"),
    ("3", "3", "11", None, "1 555 0102000"),
    ("4", "4", "11", None, "1-555-0199-111"),  # Simone Achterberg's in D365
    ("5", "5", "11", None, "12"),
    ("6", "6", "01", "before@kiosk.example", None),  # within 14 days, not within 7
)


class Project:
    """The copy: its folder and warehouse."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warehouse = folder / "data" / "made"

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "pipelines", *arguments],
            cwd=self.folder, capture_output=True, text=True, check=False,
            env=os.environ | {"WAREHOUSE_DIR": str(self.warehouse), "COLUMNS": "250"},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
        return done.stdout

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        path = self.warehouse / "published" / "marts.duckdb"
        with duckdb.connect(str(path), read_only=True) as con:
            return con.execute(sql).fetchall()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Built once, also when several pytest workers ask for it."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    made = Project(base / "additions")
    with FileLock(base / "additions.lock"):
        if not (made.folder / "done").exists():
            _add(made.folder)
            made.run("run", "--extracts", str(_extracts(made.folder)), "--as-of", AS_OF)
            (made.folder / "done").touch()
    return made


def _add(folder: Path) -> None:
    """The project with what is added."""
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in tracked:
        if not name.startswith("tests/python/") and (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    for file in (file for file in ADDITIONS.rglob("*") if file.is_file()):
        new = folder / file.relative_to(ADDITIONS)
        assert not new.exists(), f"{new} is there already"
        new.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, new)
    for name, items in ITEMS.items():
        text = (folder / name).read_text("utf-8")
        for before, item in items.items():
            assert text.count(before) == 1, f"{name} has {before!r} not once"
            text = text.replace(before, item + before)
        (folder / name).write_text(text, "utf-8")
    for name, row in ROWS.items():
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(row + "\n")
    registry = folder / "seeds/cards/card_registry.csv"
    lines = registry.read_text("utf-8").splitlines()
    for card, (old, new) in REGISTRY.items():
        (at,) = (number for number, line in enumerate(lines) if line.startswith(card + ","))
        assert lines[at].count(old) == 1
        lines[at] = lines[at].replace(old, new)
    registry.write_text("\n".join(lines) + "\n", "utf-8")


def _extracts(folder: Path) -> Path:
    """The worked example with a kiosk, and a phone number in its customer master."""
    extracts = folder / "samples" / "worked_example"
    orders = extracts / "kiosk" / "hall" / "orders.jsonl"
    orders.parent.mkdir(parents=True)
    orders.write_text(
        "".join(
            json.dumps({
                "id": order_id, "buyer": buyer, "placed": f"2026-04-{day}T12:00:00Z",
                "changed": f"2026-04-{day}T12:00:00Z", "state": "sold", "email": email,
                "phone": phone, "total": "10.00", "currency": "USD", "country": "US",
            }) + "\n"
            for order_id, buyer, day, email, phone in ORDERS
        ),
        "utf-8",
    )  # fmt: skip
    master = extracts / "d365_fo" / "fo-prod" / "customers.jsonl"
    customers = [json.loads(line) for line in master.read_text("utf-8").splitlines()]
    for customer in customers:
        if customer["PersonFirstName"] == "Simone":
            customer["PrimaryContactPhone"] = "15550199111"
    master.write_text("".join(json.dumps(one) + "\n" for one in customers), "utf-8")
    return extracts


def test_a_storefront_reaches_headline_worklist_and_import_file(project: Project) -> None:
    """One folder of sources, one of models, one item of var platforms."""
    absent = project.rows(f"""
        select customer_name from cards.{HEADLINE} as card
        inner join worklist.onboarding_worklist using (customer_id)
        where card.platforms = 'kiosk' order by all
    """)
    assert [name for (name,) in absent] == [
        "Kiosk Buyer 1", "Kiosk Buyer 2", "Kiosk Buyer 5", "Kiosk Buyer 6"
    ]  # fmt: skip
    project.run("export", "onboarding")
    files = [file.read_text("utf-8") for file in project.warehouse.rglob("exports/**/*.csv")]
    assert any("one@kiosk.example" in text for text in files)


def test_a_key_type_matches_merges_and_shows(project: Project) -> None:
    """One entry of key_kinds() and a row of the field map."""
    presence = project.rows("""
        select distinct presence.presence, presence.matched_key_type, orders.platform_order_id
        from cards.fct_customer_presence as presence
        inner join cards.fct_orders as orders using (customer_id)
        where orders.platform = 'kiosk' and presence.key_scope = 'headline'
        order by orders.platform_order_id
    """)
    assert presence == [
        ("absent", None, "1"), ("absent", None, "2"), ("absent", None, "3"),
        ("present", "phone", "4"), ("absent", None, "5"), ("absent", None, "6"),
    ]  # fmt: skip
    merged = project.rows("""
        select count(distinct customer_id) from cards.fct_orders
        where platform = 'kiosk' and platform_order_id in ('2', '3')
    """)
    assert merged == [(1,)]
    combinations = project.rows("select key_types from worklist.onboarding_key_sensitivity")
    assert ("email + external_id + tax_id + phone",) in combinations
    tried = project.rows("""
        select tried.key_values, tried.d365_field, tried.outcome, tried.unusable_because
        from worklist.onboarding_keys_tried as tried
        inner join worklist.onboarding_worklist as worklist using (worklist_key)
        where tried.key_type = 'phone' and worklist.customer_name like 'Kiosk%' order by all
    """)
    assert tried == [
        ("12", "PrimaryContactPhone", "unusable", "shorter than 8 digits"),
        ("15550102000", "PrimaryContactPhone", "nothing", None),
        (None, "PrimaryContactPhone", "no_value", None),
        (None, "PrimaryContactPhone", "no_value", None),
    ]


def test_a_card_is_counted_and_published(project: Project) -> None:
    """One model, one row of the registry, one item of var cards."""
    (card,) = project.rows("""
        select value, dtc_value, state, window_text from cards.card_values
        where card_id = 'orders_with_a_phone'
    """)
    (counted,) = project.rows("select count(*) from cards.card_orders_with_a_phone")
    assert card == (counted[0], counted[0] - (card[0] - card[1]), "alert", "7 days")
    assert counted[0] >= 4
    history = project.rows(
        "select value from cards.card_history where card_id = 'orders_with_a_phone'"
    )
    assert history == [counted]
    assert "Orders with a phone" in project.run("cards")


def test_every_text_follows_the_card_registry(project: Project) -> None:
    """A window of 14 days and an alert at 48 hours: printed cards, page, alerts."""
    printed = project.run("cards")
    (headline,) = (
        line
        for line in printed.splitlines()
        if line.startswith("Ecom customers absent from D365 customer master  ")
    )
    assert "14 days" in headline
    assert "above 0 orders older than 48 hours" in printed
    project.run("report")
    page = (project.warehouse / "published" / "report.html").read_text("utf-8")
    assert "(14 days)" in page and "above 0 orders older than 48 hours" in page
    assert "above 0 orders older than 48 hours" in project.run("notify", "--dry-run")
