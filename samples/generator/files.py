"""Writes the extract files of a sample and the tables of its expected results."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from samples.generator.build import Placed, Sample
from samples.generator.dataverse import dataverse_id
from samples.generator.shapes import Scenario

WORKLIST_COLUMNS = (
    "worklist_rank",
    "customer_name",
    "segment_code",
    "mapping_status",
    "expected_legal_entity_id",
    "mapped_by",
    "candidate_legal_entity_ids",
    "order_count",
    "blocked_order_count",
    "blocked_value_reporting",
    "blocked_values",
    "posted_value_reporting",
    "is_rate_missing",
    "is_awaiting_sync",
    "is_in_dataverse",
    "dataverse_ids",
    "other_legal_entity_ids",
    "other_d365_customer_ids",
    "primary_reason",
)
CARD_ROW_COLUMNS = ("card_id", "row_key", "name", "reason")
PRESENCE_COLUMNS = (
    "customer_name",
    "presence",
    "segment_code",
    "platform",
    "instance",
    "platform_order_id",
    "why",
)


def extract_files(sample: Sample) -> dict[str, str]:
    """Relative path -> JSON lines, one API object per line."""
    return {
        f"{source}/{instance}/{resource}.jsonl": "".join(
            json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
            for record in records
        )
        for (source, instance, resource), records in sorted(sample.files.items())
    }


def _csv(columns: tuple[str, ...], rows: list[dict[str, object]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _flag(value: bool) -> str:
    return "true" if value else "false"


def worklist_csv(scenarios: list[Scenario]) -> str:
    """The worklist rows declared by the scenarios, by rank.

    Without Dataverse rows in the sample it is unknown whether a customer is in Dataverse.
    """
    rows = []
    has_dataverse = any(scenario.dataverse for scenario in scenarios)
    for scenario in scenarios:
        dataverse_ids = sorted(dataverse_id(row, scenario.name) for row in scenario.dataverse)
        for row in scenario.rows:
            blocked_orders = row.orders if row.blocked_orders is None else row.blocked_orders
            rows.append(
                {
                    "worklist_rank": row.rank,
                    "customer_name": scenario.name,
                    "segment_code": scenario.segment,
                    "mapping_status": row.status,
                    "expected_legal_entity_id": row.entity,
                    "mapped_by": row.mapped_by,
                    "candidate_legal_entity_ids": row.candidates or row.entity,
                    "order_count": row.orders,
                    "blocked_order_count": blocked_orders,
                    "blocked_value_reporting": row.blocked,
                    "blocked_values": row.currencies,
                    "posted_value_reporting": row.posted,
                    "is_rate_missing": _flag(row.is_rate_missing),
                    "is_awaiting_sync": _flag(row.is_awaiting_sync),
                    "is_in_dataverse": _flag(bool(dataverse_ids)) if has_dataverse else "",
                    "dataverse_ids": ", ".join(dataverse_ids),
                    "other_legal_entity_ids": row.other_entities,
                    "other_d365_customer_ids": row.other_d365_ids,
                    "primary_reason": row.reason,
                }
            )
    return _csv(WORKLIST_COLUMNS, sorted(rows, key=lambda row: int(str(row["worklist_rank"]))))


def _is_in_window(placed: Placed, window: tuple[str, str]) -> bool:
    return window[0] <= placed.order.at < window[1]


def presence_csv(sample: Sample, window: tuple[str, str]) -> str:
    """Every active order of the window with the expected presence of its customer."""
    rows = [
        {
            "customer_name": placed.scenario.name,
            "presence": placed.scenario.presence,
            "segment_code": placed.scenario.segment,
            "platform": placed.store.platform,
            "instance": placed.store.instance,
            "platform_order_id": placed.order_id,
            "why": placed.scenario.why,
        }
        for placed in sample.placed
        if placed.is_active and _is_in_window(placed, window)
    ]
    wrong = [row["customer_name"] for row in rows if row["presence"] == "not_active"]
    if wrong:
        raise ValueError(f"{wrong}: said to be not active, but has an active order in the window")
    return _csv(
        PRESENCE_COLUMNS,
        sorted(
            rows,
            key=lambda row: (
                str(row["customer_name"]),
                str(row["platform"]),
                int(str(row["platform_order_id"])),
            ),
        ),
    )


def card_rows_csv(rows: list[dict[str, str]]) -> str:
    """The rows of the other cards."""
    return _csv(CARD_ROW_COLUMNS, [dict(row) for row in rows])


def write(root: Path, files: dict[str, str]) -> None:
    """Write the files below `root`; the caller removes files of earlier versions."""
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
