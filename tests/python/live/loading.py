"""Loads a source from its API, and reads the raw rows."""

from __future__ import annotations

import json
from typing import Any

import duckdb

from pipelines.load import live
from pipelines.settings import Warehouse
from pipelines.sources.http import RetryPolicy
from pipelines.sources.tables import BY_NAME

NOT_COMPARED = ("_source_file", "_record_number", "_dlt_load_id")


def load(source: str, target: Warehouse, policy: RetryPolicy, full: bool = False) -> list:
    return live.load_sources([source], full, target, policy, echo=lambda _: None)


def raw_rows(target: Warehouse, source: str, resource: str) -> list[dict[str, Any]]:
    """The rows of a raw table, sorted, without columns that depend on the origin."""
    with duckdb.connect(str(target.raw), read_only=True) as connection:
        table = connection.execute(f'select * from raw_{source}."{resource}"').to_arrow_table()
    rows = table.drop_columns(list(NOT_COMPARED)).to_pylist()
    return sorted(rows, key=lambda row: json.dumps(row, default=str))


def resources_of(source: str) -> list[str]:
    return [resource for known, resource in BY_NAME if known == source]


def all_rows(target: Warehouse, source: str) -> dict[str, list[dict[str, Any]]]:
    return {resource: raw_rows(target, source, resource) for resource in resources_of(source)}
