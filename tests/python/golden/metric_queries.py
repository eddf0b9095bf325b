"""Metrics queried in this process: MetricFlow writes the SQL, a read-only connection runs it.

The warehouse is not locked, and amounts stay decimal.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
from dbt_metricflow.cli.dbt_connectors.adapter_backed_client import AdapterBackedSqlClient
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup


class Metrics:
    """The metrics of one built warehouse; `folder` contains warehouse.duckdb and target/."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        text = (folder / "target/semantic_manifest.json").read_text("utf-8")
        # only SQL is generated: the client needs the engine name, no connection
        client = AdapterBackedSqlClient(SimpleNamespace(type=lambda: "duckdb"))
        self._engine = MetricFlowEngine(
            SemanticManifestLookup(parse_manifest_from_dbt_generated_manifest(text)), client
        )

    def meta(self) -> dict[str, dict[str, str]]:
        """Metric → its card and column."""
        nodes = json.loads((self.folder / "target/manifest.json").read_text("utf-8"))["metrics"]
        metas = {node["name"]: node["config"]["meta"] for node in nodes.values()}
        return {name: meta for name, meta in metas.items() if "card_id" in meta}

    def query(
        self, metrics: list[str], group_by: list[str] | None = None, where: str | None = None
    ) -> list[dict[str, Any]]:
        """The rows of `mf query --metrics … --group-by … --where …`."""
        request = MetricFlowQueryRequest.create(
            metric_names=metrics,
            group_by_names=group_by or [],
            where_constraints=[where] if where else None,
        )
        sql = self._engine.explain(request).sql_statement.sql
        with duckdb.connect(str(self.folder / "warehouse.duckdb"), read_only=True) as connection:
            cursor = connection.execute(sql)
            columns = [column[0] for column in cursor.description or ()]
            return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
