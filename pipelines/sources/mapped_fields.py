"""The D365 fields used as match keys in the field map, for live loads to request."""

import csv
import re

from pipelines import settings

SEED = "field_map_match_keys.csv"
FIELD_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
NOT_A_FIELD = {"name_address"}


def mapped_fields(system: str) -> list[str]:
    """Customer fields of `system` (fo, bc, dataverse) in field_map_match_keys.csv."""
    copied = settings.warehouse().field_map / SEED
    path = copied if copied.is_file() else settings.FIELD_MAP_SEEDS / SEED
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row.get("d365_system") == system]
    names = [(row.get("d365_field") or "").strip() for row in rows]
    return [name for name in names if FIELD_NAME.match(name) and name not in NOT_A_FIELD]
