"""Paths of the project, the warehouse folder of a run and its files."""

import hashlib
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PACKAGED = Path(__file__).resolve().with_name("project")
# an installed package carries the project, and works in the folder where it is called
PROJECT, HOME = (PACKAGED, Path.cwd()) if PACKAGED.is_dir() else (PACKAGED.parents[1],) * 2
SAMPLE_EXTRACTS = PROJECT / "samples" / "worked_example"
SAMPLE_AS_OF = "2026-04-12"
SAMPLE_WAREHOUSE = HOME / "data" / "worked_example"
FIELD_MAP_SEEDS = PROJECT / "seeds" / "field_map"


class InputError(Exception):
    """Input or configuration the user must fix: what, where and how. Exit code 2."""


class BuildError(Exception):
    """A model or a test failed, so nothing was published. Exit code 1."""


def _inside(name: str) -> property:
    def path(warehouse: "Warehouse") -> Path:
        return warehouse.root / name

    return property(path)


@dataclass(frozen=True)
class Warehouse:
    """The folder of one warehouse: raw tables, marts, published sets, state."""

    root: Path

    raw = _inside("raw.duckdb")
    marts = _inside("warehouse.duckdb")
    unfinished = _inside("warehouse.duckdb.wal")  # of a build that was killed
    memory = _inside("memory.duckdb")
    published = _inside("published")
    published_manifest = _inside("published/manifest.json")
    published_marts = _inside("published/marts.duckdb")
    dlt = _inside("dlt")
    target = _inside("target")
    logs = _inside("logs")
    field_map = _inside("field_map")
    card_seeds = _inside("cards")
    notify = _inside("notify")
    lock = _inside(".lock")


def warehouse() -> Warehouse:
    """The warehouse of WAREHOUSE_DIR, by default that of the worked example."""
    folder = Path(os.environ.get("WAREHOUSE_DIR") or SAMPLE_WAREHOUSE)
    return Warehouse((HOME / folder.expanduser()).resolve())


def warehouse_for(extracts: Path) -> Warehouse:
    """WAREHOUSE_DIR if set, else one folder per extract folder, so two companies never share a
    warehouse: data/<folder name>-<8 hex digits of its path>."""
    if os.environ.get("WAREHOUSE_DIR"):
        return warehouse()
    path = extracts.resolve()
    if path == SAMPLE_EXTRACTS:
        return Warehouse(SAMPLE_WAREHOUSE)
    slug = re.sub(r"[^a-z0-9]+", "_", path.name.lower()).strip("_") or "extracts"
    digits = hashlib.sha256(str(path).encode()).hexdigest()[:8]
    return Warehouse(HOME / "data" / f"{slug}-{digits}")


@cache
def project_vars() -> dict[str, Any]:
    """The dbt variables of the project, with their delivered values."""
    return yaml.safe_load((PROJECT / "dbt_project.yml").read_text("utf-8"))["vars"]


def umask() -> int:
    """Rights that new files lack: by default they are for owner and group. Raises InputError."""
    text = os.environ.get("WAREHOUSE_UMASK") or "027"
    if not re.fullmatch("0?[0-7]{3}", text):
        raise InputError(f"WAREHOUSE_UMASK is {text}; write it as 027.")
    return int(text, 8)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def shown(path: Path) -> str:
    """A readable path: relative to the project or working folder if within it."""
    return str(path.relative_to(HOME)) if path.is_relative_to(HOME) else str(path)
