"""Every spelling of every enum that a model compares: symbol, integer, label, however padded."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from model_files import MacroCallError, macros

# enum: {value: its spellings}, the symbols of the APIs first
KNOWN: dict[str, dict[object, str]] = {
    "boolean": {True: "Yes|True|1|t|Y", False: "No|False|0|f|N"},
    "hold": {
        True: "Invoice|1|All|2|Payment|3|Requisition|4|PurchOrder|6|Purchase order",
        False: "No|0|Never|5|_x0020_",
    },
    "block": {True: "Ship|1|Invoice|2|All|3", False: "_x0020_|0"},
    "conversion factor": {
        1: "One|1",
        10: "Ten|2|10",
        100: "Hundred|3|100",
        1000: "Thousand|4|1000",
        10000: "TenThousand|5|Ten thousand|10000",
    },
    "sales order status": {
        "none": "None|0",
        "backorder": "Backorder|1|Open order|Open_x0020_order",
        "delivered": "Delivered|2",
        "invoiced": "Invoiced|3",
        "canceled": "Canceled|4|Cancelled",
    },
    "invoice status": {
        "none": "_x0020_|0",
        "draft": "Draft|1",
        "in review": "In_x0020_Review|2|In Review",
        "open": "Open|3",
        "paid": "Paid|4",
        "canceled": "Canceled|5|Cancelled",
        "corrective": "Corrective|6",
    },
    "address type": {"phone": "Phone|1", "email": "Email|2|Email address", "fax": "Fax|5"},
    "financial status": {
        "PAID": "PAID",
        "PARTIALLY_PAID": "PARTIALLY_PAID|Partially paid",
        "PARTIALLY_REFUNDED": "PARTIALLY_REFUNDED|Partially Refunded|partially-refunded",
        "PENDING": "PENDING",
        "AUTHORIZED": "AUTHORIZED",
        "REFUNDED": "REFUNDED",
        "VOIDED": "VOIDED",
        "EXPIRED": "EXPIRED",
    },
    "order status": {
        "0": "0|Incomplete",
        "1": "1|Pending",
        "2": "2|Shipped",
        "3": "3|Partially Shipped",
        "4": "4|Refunded",
        "5": "5|Cancelled|Canceled",
        "6": "6|Declined",
        "7": "7|Awaiting Payment",
        "8": "8|Awaiting Pickup",
        "9": "9|Awaiting Shipment",
        "10": "10|Completed",
        "11": "11|Awaiting Fulfillment|Awaiting Fulfilment",
        "12": "12|Manual Verification Required",
        "13": "13|Disputed",
        "14": "14|Partially Refunded|partially_refunded",
    },
    "order state": {
        "new": "new|Pending",
        "pending_payment": "pending_payment|Pending Payment",
        "processing": "processing",
        "complete": "complete|Completed",
        "closed": "closed",
        "canceled": "canceled|Cancelled",
        "holded": "holded|On Hold",
        "payment_review": "payment_review|Payment Review",
    },
    "record state": {True: "Active|0", False: "Inactive|1"},
    "customer type": {"customer": "Customer|3", "other": "Vendor|11|Prospect|8|Other|12"},
    "flow state": {"off": "Draft|0", "on": "Activated|1", "suspended": "Suspended|2"},
    "flow category": {
        True: "Modern Flow|5|ModernFlow",
        False: "Workflow|0|Business Rule|2|Desktop Flow|6",
    },
    "run status": {
        "failed": "Failed|TimedOut|Timed out|Faulted|Aborted",
        "succeeded": "Success|Succeeded",
        "cancelled": "Cancelled|Canceled",
        "skipped": "Skipped|Ignored",
        "running": "Running|Waiting|Suspended",
    },
}
# labels of other languages, integers beyond the enum, words of another enum
UNKNOWN = {
    "boolean": ("Ja", "2"),
    "hold": ("Nein", "7"),
    "block": ("Liefern", "4"),
    "conversion factor": ("Hundert", "0"),
    "sales order status": ("Offener Auftrag", "5"),
    "invoice status": ("Closed", "7"),
    "address type": ("Telefon", "9"),
    "financial status": ("Bezahlt", "1"),
    "order status": ("Renamed", "15"),
    "order state": ("fraud", "1"),
    "record state": ("Aktiv", "2"),
    "customer type": ("Kunde", "13"),
    "flow state": ("Aktiviert", "3"),
    "flow category": ("Moderner Flow", "8"),
    "run status": ("Fehlgeschlagen", "4"),
}
SPELLINGS = [
    (enum, spelling, value)
    for enum, values in KNOWN.items()
    for value, spellings in values.items()
    for spelling in spellings.split("|")
]


def read(enum: str, text: str | None) -> object:
    expression = macros().enum_value("text", enum)
    (value,) = duckdb.execute(
        f"select {expression} from (select $1::varchar as text)", [text]
    ).fetchall()[0]
    return int(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize(("enum", "spelling", "value"), SPELLINGS)
def test_a_spelling_is_its_value(enum: str, spelling: str, value: object) -> None:
    whole = (f"{spelling}.0", f"{spelling}.00") if spelling.isdigit() else ()
    for text in (spelling, spelling.upper(), spelling.lower(), f"  {spelling} ", *whole):
        assert read(enum, text) == value, text


@pytest.mark.parametrize(("enum", "text"), [(e, t) for e, texts in UNKNOWN.items() for t in texts])
def test_what_no_list_knows_is_no_value(enum: str, text: str) -> None:
    assert read(enum, text) is None
    assert read(enum, None) is None


def test_every_enum_is_tested_and_no_other_is_read() -> None:
    with pytest.raises(MacroCallError, match="is no kind; enums: " + ", ".join(KNOWN)):
        read("colour", "red")
    assert set(UNKNOWN) == set(KNOWN)
