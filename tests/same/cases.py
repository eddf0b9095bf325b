"""The worlds built by both versions: samples day by day, fixed random worlds, one larger world.

The working tree writes the inputs once, so both versions read the same files.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "python" / "property"))
sys.path.insert(0, str(ROOT))

from fuzz import draw_worlds

from bench.bench import MASTER_SQL, write_orders
from pipelines.load import raw

AS_OF = "2026-04-12"
# a quiet day (the flow card is 0), ordinary days, an instant
DAYS = ("2026-04-08", "2026-04-10", "2026-04-11", AS_OF, "2026-04-13")
RANDOM_WORLDS, PARTIES = 12, 60
BENCH_ORDERS = 20_000
CUSTOMERS = """
copy (
    select data_area_id as dataAreaId, customer_account as CustomerAccount,
        organization_name as OrganizationName, primary_contact_email as PrimaryContactEmail,
        on_hold_status as OnHoldStatus,
        address_country_region_iso_code as AddressCountryRegionISOCode,
        address_zip_code as AddressZipCode, record->>'TaxExemptNumber' as TaxExemptNumber
    from raw_d365_fo.customers order by customer_account limit 20000
) to '{path}' (format json)
"""


@dataclass(frozen=True)
class Case:
    """One warehouse: its input folder, its field map (None: the project's), its as-of days.

    Not published: only the models are built, and compared in the warehouse.
    """

    name: str
    extracts: Path
    field_map: Path | None
    days: tuple[str, ...]
    given: dict[str, Any] = field(default_factory=dict)
    is_published: bool = True


def write_cases(folder: Path, names: list[str]) -> list[Case]:
    """Writes the inputs below `folder`; `names` picks cases by the start of their name."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    samples = ROOT / "samples"
    cases = [
        Case("worked_example", samples / "worked_example", None, DAYS),
        Case(
            "business_central",
            samples / "business_central",
            samples / "business_central" / "field_map",
            DAYS,
        ),
    ]
    wanted = [case for case in cases if _is_wanted(case.name, names)]
    for number in range(1, RANDOM_WORLDS + 1):
        name = f"random_{number:02}"
        if _is_wanted(name, names):
            wanted.append(_random_case(folder / name, name, number))
    if _is_wanted("bench", names):
        wanted.append(_bench_case(folder / "bench"))
    return wanted


def _is_wanted(name: str, names: list[str]) -> bool:
    return not names or any(name.startswith(start) for start in names)


def _random_case(folder: Path, name: str, number: int) -> Case:
    (world,) = draw_worlds(1, 900 + number, PARTIES)
    extracts, overlay = world.write(folder / "world")
    field_map = folder / "field_map"
    shutil.copytree(ROOT / "seeds" / "field_map", field_map)
    shutil.copytree(overlay, field_map, dirs_exist_ok=True)
    given = json.loads(json.dumps(world.given, default=str))
    day = str(given.pop("as_of"))
    return Case(name, extracts, field_map, (day,), given, is_published=False)


def _bench_case(folder: Path) -> Case:
    orders = folder / "shopify" / "dtc-us" / "orders.jsonl"
    customers = folder / "d365_fo" / "fo-prod" / "customers.jsonl"
    for path in (orders, customers):
        path.parent.mkdir(parents=True)
    write_orders(orders, BENCH_ORDERS)
    with duckdb.connect() as con:
        raw.create_tables(con)
        con.execute(MASTER_SQL.split(";")[0])
        con.execute(CUSTOMERS.format(path=customers))
    return Case("bench", folder, None, (AS_OF,))
