"""The parts of a sample: scenarios (commerce customers), their orders, D365 and Dataverse rows.

Amounts are text and times are UTC ISO 8601, so nothing is rounded.
The expectations in `Scenario.presence` and `Row` are written by hand from the specification;
nothing here is computed by the models under test.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """A D365 document of a commerce order.

    `kind`: sales_order, free_text_invoice (F&O); sales_order, sales_invoice (Business Central).
    `field`: reference, requisition, external (the field of the document with the reference).
    `form`: number, id, prefix_number, prefix_id, po_number (the form of the reference).
    `state`: open, canceled, invoiced (sales order); posted, unposted, correction (invoice);
    Draft, Open, Paid (Business Central).
    """

    kind: str
    account: str
    entity: str = "ustr"
    field: str = "reference"
    form: str = "prefix_number"
    state: str = "open"


@dataclass(frozen=True)
class Order:
    """One commerce order. `net` is its current value: without tax, after refunds.

    `status` is the platform's raw one (default: paid / awaiting fulfilment / processing).
    `email` None: the account's own; "" : none. `ship_to` None: the customer's home; () : nothing
    is shipped. `tax_id`: the order's own VAT field. `order_card`: the reason on the order card, if
    it does not follow from the customer.
    """

    store: str
    at: str
    net: str
    tax: str = "0.00"
    currency: str = "USD"
    status: str = ""
    by: str = "account"
    email: str | None = None
    ship_to: tuple[str, ...] | None = None
    bill_to: str | None = None
    name: str = ""
    refunded: str = "0.00"
    discount: str = "0.00"
    shipping: str = "0.00"
    cancelled: bool = False
    test: bool = False
    deleted: bool = False
    closed: bool = False
    fulfilled: bool = False
    tags: tuple[str, ...] = ()
    business_entity: str = ""
    channel: str = ""
    display_currency: str = ""
    po_number: str = ""
    tax_id: str = ""
    platform_id: int = 0
    order_card: str = ""
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True)
class Fo:
    """One F&O customer (CustomersV3). Empty name, place: those of the scenario.

    `identification` may name an account: {shopify_account}, {b2b_account}, {b2b_company}.
    """

    account: str
    entity: str = "ustr"
    name: str = ""
    email: str = ""
    further: tuple[str, ...] = ()
    tax_id: str = ""
    tax_registration: str = ""
    identification: str = ""
    hold: str = "No"
    one_time: str = "No"
    place: str = ""
    iso_code: bool = True


@dataclass(frozen=True)
class Bc:
    """One Business Central customer. `company` is the instance."""

    number: str
    company: str = "us-trade"
    name: str = ""
    email: str = ""
    tax_id: str = ""
    blocked: str = "_x0020_"
    place: str = ""


@dataclass(frozen=True)
class Dataverse:
    """One Dataverse account or contact. `company` is a cdm_companycode, "" is none."""

    kind: str
    company: str = "USTR"
    name: str = ""
    number: str = ""
    email: str = ""
    email2: str = ""
    tax_id: str = ""
    identification: str = ""
    customer_type: int | None = 3
    sellable: bool = True
    active: bool = True
    created: str = "2026-04-07T15:20:00Z"


@dataclass(frozen=True)
class Row:
    """The expected worklist row: absent customer x expected entity.

    `currencies` is `CUR amount` pairs separated by `, `; amounts are of blocked orders only.
    """

    rank: int
    entity: str
    mapped_by: str
    orders: int
    blocked: str
    currencies: str
    reason: str = "not_created"
    status: str = "resolved"
    candidates: str = ""
    blocked_orders: int | None = None
    posted: str = "0.00"
    is_rate_missing: bool = False
    is_awaiting_sync: bool = False
    other_entities: str = ""
    other_d365_ids: str = ""


@dataclass(frozen=True)
class Scenario:
    """One commerce customer: why it is in the sample and the expected result.

    `presence`: absent, present, present_blocked, covered_by_default_customer, unidentifiable
    (guests without a key: one per order), not_active (no active order in the window).
    """

    name: str
    why: str
    presence: str
    home: str = "austin"
    email: str = ""
    contact: str = ""
    company: bool = False
    segment: str = "DTC"
    orders: tuple[Order, ...] = ()
    fo: tuple[Fo, ...] = ()
    bc: tuple[Bc, ...] = ()
    dataverse: tuple[Dataverse, ...] = ()
    rows: tuple[Row, ...] = ()
    accounts: tuple[str, ...] = ()
    account_tags: tuple[str, ...] = ()
    account_tax_id: str = ""
    erp_account: str = ""
    company_erp_account: str = ""
    company_tax_id: str = ""
    company_external_id: str = ""
    location_external_id: str = ""
    shared_email: str = ""
    store_tax_ids: dict[str, str] = field(default_factory=dict)
    store_emails: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Quote:
    """A quote or draft order: never counted."""

    store: str
    scenario: str
    at: str
    net: str
    status: str
    currency: str = "USD"
