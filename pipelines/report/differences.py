"""Why another count may differ: the five reasons, headline against twin, other keys, orders."""

from typing import Any

from pipelines.report.published import Published, Row

SHOWN = 50
# reason of onboarding_reconciliation → what the other count does
REASONS = {
    "field_map_key": "joins by another key: the twin, e-mail alone, or by hand (near match)",
    "sync_timing": "ran minutes later: the newest orders have synced",
    "dataverse_staging": "treats a Dataverse account or contact as a D365 customer",
    "multi_entity": "ignores the legal entity, or counts once per entity",
    "quote_only": "treats quotes and drafts as orders",
}


def differences(published: Published) -> dict[str, Any]:
    """The section "Why another number may differ"; customers only if published."""
    content: dict[str, Any] = {
        "tie_out": published.rows("tie_out"),
        "is_tie_out_measured": published.rows("order_card")[0]["is_measurable"],
        "shown": SHOWN,
    }
    if not published.has_worklist:
        return content | {"has_people": False}
    counted = {row["counted_by"]: row["customer_count"] for row in published.rows("twin")}
    return content | {
        "has_people": True,
        "reasons": _reasons(published),
        "twin": {
            **{name: counted.get(name, 0) for name in ("both", "only_headline", "only_twin")},
            "customers": published.rows("twin_customers", shown=SHOWN),
        },
        "sensitivity": published.rows("sensitivity"),
        "duplicates": published.rows("duplicates", shown=SHOWN),
        "shared_keys": published.rows("shared_keys", shown=SHOWN),
        "unidentifiable": published.rows("unidentifiable")[0],
    }


def _reasons(published: Published) -> list[dict[str, Any]]:
    effects = published.rows("reconciliation")
    behind: dict[tuple[str, str], list[Row]] = {}
    for one in published.rows("reconciled_customers", shown=SHOWN):
        behind.setdefault((one["reason"], one["effect"]), []).append(one)
    return [
        {
            "reason": reason,
            "meaning": meaning,
            "effects": [
                effect | {"customers": behind.get((reason, effect["effect"]), [])}
                for effect in effects
                if effect["reason"] == reason
            ],
        }
        for reason, meaning in REASONS.items()
    ]
