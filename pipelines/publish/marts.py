"""The published tables of a build."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mart:
    """A table to publish: its place in the warehouse and its published schema."""

    schema: str
    name: str
    published_schema: str

    @property
    def published_name(self) -> str:
        return f"{self.published_schema}.{self.name}"

    @property
    def parquet(self) -> str:
        """Its file in the set."""
        return f"parquet/{self.published_schema}/{self.name}.parquet"


def marts_of(manifest: dict[str, Any]) -> list[Mart]:
    """The public tables of the build; without a declaration they go to schema worklist."""
    return [
        Mart(node["schema"], node["alias"], "worklist" if holds_personal_data(node) else "cards")
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node.get("access") == "public"
        and node["config"]["materialized"] in ("table", "incremental")
        and node["config"].get("enabled", True)
    ]


def holds_personal_data(node: dict[str, Any]) -> bool:
    return node["config"].get("meta", {}).get("contains_personal_data", True) is not False
