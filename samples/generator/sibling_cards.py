"""Expected rows of the six other cards.

Derived from the scenarios and their documents, never from the models. Exceptions are set on the
order (`Order.order_card`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from samples.generator.build import Placed, Sample
from samples.generator.power_automate import flow_run_key
from samples.generator.text import instant

MONTH = ("2026-03-14T04:00:00Z", "2026-04-13T04:00:00Z")  # 30 dates up to the as-of date
GRACED = ("2026-03-07T05:00:00Z", "2026-04-06T04:00:00Z")  # the same, 7 days earlier
AWAITING_SYNC = timedelta(minutes=15)
FLOW_FAILURE = timedelta(hours=24)
ORDERS, INVOICES = (
    "commerce_orders_without_business_central_sales_order",
    "ecom_orders_missing_d365_free_text_invoice",
)
ACTIVE, DATAVERSE, FLOWS = (
    "active_customers",
    "customers_in_dataverse_not_promoted_to_d365",
    "power_automate_flow_failures",
)
COUNTING = {"open", "invoiced", "posted", "Open", "Paid"}
INVOICED = {"invoiced", "posted", "Paid"}
UNPAID = {"AUTHORIZED", "PENDING", "1", "7", "new", "pending_payment", "holded", "payment_review"}
CardRow = dict[str, str]


@dataclass(frozen=True)
class Siblings:
    """What a sample declares in addition to its scenarios.

    `failed_order_flows`: start of each failed primary run of a flow that creates orders.
    `failed_runs`: (flow, number, purpose) of the runs counted by the flow card.
    `dataverse`: Dataverse key -> eligibility reason, of the counted rows.
    `has_fo`: whether the sample's D365 is F&O (free-text invoices exist there only).
    """

    failed_order_flows: tuple[str, ...]
    failed_runs: tuple[tuple[str, int, str], ...]
    dataverse: dict[str, str]
    organisation: str
    has_fo: bool


def sibling_rows(sample: Sample, siblings: Siblings) -> list[CardRow]:
    """Card, row key, customer or flow, and reason, of every row of the six cards."""
    rows = [*_order_rows(sample, siblings), *_active_rows(sample)]
    if siblings.has_fo:
        rows += _invoice_rows(sample)
    rows += [
        {"card_id": DATAVERSE, "row_key": key, "name": "", "reason": reason}
        for key, reason in siblings.dataverse.items()
    ]
    rows += [
        {
            "card_id": FLOWS,
            "row_key": flow_run_key(siblings.organisation, flow, number),
            "name": flow,
            "reason": purpose,
        }
        for flow, number, purpose in siblings.failed_runs
    ]
    return sorted(rows, key=lambda row: (row["card_id"], row["name"], row["row_key"]))


def order_key(placed: Placed) -> str:
    """Platform, instance and platform id."""
    return f"{placed.store.platform}:{placed.store.instance}:{placed.order_id}"


def _placed_in(sample: Sample, window: tuple[str, str]) -> Iterator[Placed]:
    return (one for one in sample.placed if one.is_active and window[0] <= one.order.at < window[1])


def _states(sample: Sample, placed: Placed) -> set[str]:
    return {document.state for one, document in sample.documents if one is placed}


def _order_rows(sample: Sample, siblings: Siblings) -> Iterator[CardRow]:
    for placed in _placed_in(sample, MONTH):
        reason = placed.order.order_card or _reason(placed, siblings)
        if placed.order.order_card or not _states(sample, placed) & COUNTING:
            yield {
                "card_id": ORDERS,
                "row_key": order_key(placed),
                "name": placed.scenario.name,
                "reason": reason,
            }


def _reason(placed: Placed, siblings: Siblings) -> str:
    scenario, ordered_at = placed.scenario, instant(placed.order.at)
    if ordered_at > instant(MONTH[1]) - AWAITING_SYNC:
        return "awaiting_sync"
    if any(row.status != "resolved" for row in scenario.rows):
        return "mapping_conflict"
    if scenario.presence == "absent" or not is_in_d365(placed):
        return "unmapped_customer"
    if any(
        ordered_at <= instant(run) < ordered_at + FLOW_FAILURE
        for run in siblings.failed_order_flows
    ):
        return "connector_error"
    return "field_validation" if scenario.presence == "unidentifiable" else "unexplained"


def is_in_d365(placed: Placed) -> bool:
    """Whether the customer is in D365 or needs no record of its own there."""
    scenario = placed.scenario
    if scenario.presence == "not_active":
        return bool(scenario.fo or scenario.bc)
    return scenario.presence != "absent"


def _invoice_rows(sample: Sample) -> Iterator[CardRow]:
    for placed in _placed_in(sample, GRACED):
        is_covered = placed.scenario.presence in ("present", "present_blocked", "not_active")
        is_paid = placed.order.status not in UNPAID or placed.order.fulfilled
        if is_covered and is_in_d365(placed) and is_paid and not _states(sample, placed) & INVOICED:
            yield {
                "card_id": INVOICES,
                "row_key": order_key(placed),
                "name": placed.scenario.name,
                "reason": "",
            }


def _active_rows(sample: Sample) -> Iterator[CardRow]:
    """One row per customer; its key is the smallest of its order keys."""
    keys: dict[str, list[str]] = {}
    for placed in _placed_in(sample, MONTH):
        scenario = placed.scenario
        if scenario.presence in ("present", "present_blocked") or (
            scenario.presence == "not_active" and is_in_d365(placed)
        ):
            keys.setdefault(scenario.name, []).append(order_key(placed))
    for name, found in keys.items():
        yield {"card_id": ACTIVE, "row_key": min(found), "name": name, "reason": ""}
