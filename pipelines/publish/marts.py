"""The tables of a build that are published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mart:
    """A table to publish: where it stands in the warehouse, and in which schema it is published."""

    schema: str
    name: str
    published_schema: str

    @property
    def published_name(self) -> str:
        return f"{self.published_schema}.{self.name}"

    @property
    def is_for_everybody(self) -> bool:
        return self.published_schema == "cards"

    @property
    def parquet(self) -> str:
        """Its file in the set."""
        return f"parquet/{self.published_schema}/{self.name}.parquet"


def marts_of(manifest: dict[str, Any]) -> list[Mart]:
    """The public tables of the build; whatever is not declared free of personal data is guarded."""
    return [
        Mart(
            node["schema"],
            node["alias"],
            "worklist" if _holds_personal_data(node) else "cards",
        )
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node.get("access") == "public"
        and node["config"]["materialized"] in ("table", "incremental")
        and node["config"].get("enabled", True)
    ]


def _holds_personal_data(node: dict[str, Any]) -> bool:
    return node["config"].get("meta", {}).get("contains_personal_data", True) is not False
