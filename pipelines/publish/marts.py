"""The published tables of a build, and the dictionary that describes them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import duckdb

from pipelines.duck import columns_of


@dataclass(frozen=True)
class Mart:
    """A table to publish: its place, its published schema and what its columns mean."""

    schema: str
    name: str
    published_schema: str
    description: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    catalog: str = "warehouse"

    @property
    def place(self) -> str:
        """The table, in a connection to which the warehouse is attached."""
        return f'{self.catalog}."{self.schema}"."{self.name}"'

    @property
    def published_name(self) -> str:
        return f"{self.published_schema}.{self.name}"

    @property
    def parquet(self) -> str:
        """Its file in the set."""
        return f"parquet/{self.published_schema}/{self.name}.parquet"


DICTIONARY = Mart(
    "main",
    "data_dictionary",
    "cards",
    "One table of this set, or one of its columns: what it is. The comments of marts.duckdb.",
    {
        "table_schema": "Schema of the table: cards is for everyone, worklist has personal data.",
        "table_name": "Name of the table, and of its Parquet file.",
        "column_name": "Name of the column, in the order of the table. NULL for the table itself.",
        "data_type": "Type in DuckDB. NULL for the table itself.",
        "description": "What a row is (the grain); of a column its meaning, unit, when it is NULL.",
        "contains_personal_data": "True when the table may contain names, e-mails or tax ids.",
    },
    "memory",
)


def marts_of(manifest: dict[str, Any]) -> list[Mart]:
    """The public tables of the build; without a declaration they go to schema worklist."""
    return [
        Mart(
            node["schema"],
            node["alias"],
            "worklist" if holds_personal_data(node) else "cards",
            node["description"],
            {name: column["description"] for name, column in node["columns"].items()},
        )
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node.get("access") == "public"
        and node["config"]["materialized"] in ("table", "incremental")
        and node["config"].get("enabled", True)
    ]


def holds_personal_data(node: dict[str, Any]) -> bool:
    return node["config"].get("meta", {}).get("contains_personal_data", True) is not False


def with_dictionary(con: duckdb.DuckDBPyConnection, marts: Iterable[Mart]) -> list[Mart]:
    """The marts and their dictionary, which is made in the connection."""
    described = [*marts, DICTIONARY]
    types = (
        "varchar" if name != "contains_personal_data" else "boolean" for name in DICTIONARY.columns
    )
    columns = ", ".join(map(" ".join, zip(DICTIONARY.columns, types, strict=True)))
    con.execute(f"create table {DICTIONARY.place} ({columns})")
    for mart in described:
        rows = [(None, None, mart.description)]
        rows += [
            (name, kind, mart.columns.get(name))
            for name, kind in columns_of(con, mart.place).items()
        ]
        place = (mart.published_schema, mart.name)
        con.executemany(
            f"insert into {DICTIONARY.place} values (?, ?, ?, ?, ?, ?)",
            [(*place, *row, mart.published_schema == "worklist") for row in rows],
        )
    return described
