"""Publishes the marts of a green build: one DuckDB file, replaced in one step.

BI tools read `published/marts.duckdb` only. It holds tables, no views, in a storage format that
DuckDB 1.2 and later can open: schema `cards` for what everybody may see, schema `worklist` for
what holds personal data.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.settings import BuildError, InputError, Warehouse, shown
from pipelines.staging import literal

STORAGE_VERSION = "v1.2.0"  # the oldest DuckDB that shall be able to read the file
FAULTY = ("error", "fail", "runtime error", "partial success")


@dataclass(frozen=True)
class Mart:
    """A table to publish: where it stands in the warehouse, and in which schema it is published."""

    schema: str
    name: str
    published_schema: str


def publish(target: Warehouse, fingerprint: str | None = None) -> dict[str, Any]:
    """Publishes the marts of the last build and returns the manifest.

    Raises BuildError when that build was not green (nothing is published then), InputError when
    there is none.
    """
    results = _read_artefact(target.target / "run_results.json")
    manifest = _read_artefact(target.target / "manifest.json")
    check_green(results, manifest)
    marts = marts_of(manifest)
    target.published.mkdir(parents=True, exist_ok=True)
    counts = _write_marts(target, marts)
    written = {
        "run_id": results["metadata"]["invocation_id"],
        "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "built_at": results["metadata"]["generated_at"],
        "as_of": _as_of(target),
        "vars": results["args"].get("vars") or {},
        "row_counts": counts,
        "fingerprint": fingerprint,
    }
    _replace_text(published_manifest(target), json.dumps(written, indent=2, default=str) + "\n")
    return written


def published_manifest(target: Warehouse) -> Path:
    return target.published / "manifest.json"


def published_marts(target: Warehouse) -> Path:
    return target.published / "marts.duckdb"


def check_green(results: dict[str, Any], manifest: dict[str, Any]) -> None:
    """Raises BuildError when a node of the build failed, or when it was no whole build."""
    arguments = results["args"]
    chosen = arguments.get("select") or arguments.get("exclude") or arguments.get("empty")
    if arguments.get("which") != "build" or chosen:
        raise BuildError(
            "nothing published: the last dbt command was no whole build; run `dbt build`."
        )
    names = {**manifest["nodes"], **manifest.get("unit_tests", {})}
    failed = [row for row in results["results"] if row["status"] in FAULTY]
    if failed:
        listed = "".join(f"\n  {_failure(row, names)}" for row in failed)
        raise BuildError(
            f"nothing published: {len(failed)} of the build's nodes failed; the last published "
            f"marts stay. Mend this and run again:{listed}"
        )


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


def _failure(row: dict[str, Any], names: dict[str, Any]) -> str:
    node = names.get(row["unique_id"], {})
    count = f" ({row['failures']} rows)" if row.get("failures") else ""
    message = "" if count else row.get("message") or ""
    text = " ".join(f"{node.get('description') or ''} {message}".split())
    return f"{node.get('name', row['unique_id'])}{count}: {text[:500]}"


def _write_marts(target: Warehouse, marts: list[Mart]) -> dict[str, int]:
    """Row counts by published table. The file appears whole or not at all."""
    final = published_marts(target)
    unfinished = final.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with duckdb.connect() as con:
        try:
            con.execute(f"attach {literal(str(target.marts))} as warehouse (read_only)")
        except duckdb.IOException as error:
            raise InputError(
                f"{shown(target.marts)} is open in another program; close it and run again. "
                f"({error})"
            ) from error
        con.execute(
            f"attach {literal(str(unfinished))} as out (storage_version '{STORAGE_VERSION}')"
        )
        counts = {}
        for mart in marts:
            table = f'"{mart.published_schema}"."{mart.name}"'
            con.execute(f'create schema if not exists out."{mart.published_schema}"')
            con.execute(f'create table out.{table} as from warehouse."{mart.schema}"."{mart.name}"')
            counts[f"{mart.published_schema}.{mart.name}"] = con.execute(
                f"select count(*) from out.{table}"
            ).fetchone()[0]
        con.execute("detach out")
    _sync(unfinished)
    os.replace(unfinished, final)
    _sync(final.parent)
    return counts


def _as_of(target: Warehouse) -> str | None:
    """The as-of date of the newest card values, which is that of the build."""
    with duckdb.connect(str(published_marts(target)), read_only=True) as con:
        try:
            newest = con.execute("select max(as_of_date) from cards.card_values").fetchone()[0]
        except duckdb.CatalogException:
            return None
    return str(newest) if newest else None


def _read_artefact(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{shown(path)} cannot be read: nothing was built here yet; run `make run`."
        ) from error


def _replace_text(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(text, "utf-8")
    _sync(unfinished)
    os.replace(unfinished, path)


def _sync(path: Path) -> None:
    """Waits until a file, or the entries of a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
