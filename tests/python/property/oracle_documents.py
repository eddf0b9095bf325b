"""Documents of D365 and the orders that they are for, by the reference rule of each store."""

from __future__ import annotations

import re

from oracle_customers import Match, destination_entities
from oracle_keys import visible
from oracle_orders import Order
from oracle_reading import Extracts, FieldMap, Row, Settings, blank, enum, lower, text, truth

OPEN_ORDERS = {"0", "none", "1", "backorder", "openorder", "2", "delivered"}
INVOICED_ORDERS = {"3", "invoiced"}
Matches = dict[tuple[str, str], list[Match]]


def canonical_reference(written: object) -> str | None:
    """An order or document number: upper case, no spaces, no # and no ', a double without its .0."""
    plain = re.sub(r"[\s#']", "", visible(text(written) or "").upper())
    return re.sub(r"(?<=[0-9])[.]0+$", "", plain) or None


def find_documents(extracts: Extracts, field_map: FieldMap) -> list[Row]:
    """Every counted document: entity, whether it is an invoice, its numbers."""
    documents = []

    def add(erp: str, code: str, is_invoiced: bool, account: object, **numbers: object) -> None:
        documents.append(
            {
                "erp": erp,
                "entity": field_map.entity_of(erp, code),
                "is_invoiced": is_invoiced,
                "account": lower(account),
                "numbers": {k: canonical_reference(v) for k, v in numbers.items()},
            }
        )

    for row in extracts.rows("d365_fo", "sales_orders"):
        status = enum(row.get("SalesOrderStatus"))
        if status in OPEN_ORDERS | INVOICED_ORDERS:
            add(
                "fo",
                row["dataAreaId"],
                status in INVOICED_ORDERS,
                row.get("OrderingCustomerAccountNumber"),
                document_number=row["SalesOrderNumber"],
                customer_reference=row.get("CustomersOrderReference"),
                requisition=row.get("CustomerRequisitionNumber"),
            )
    posted = [
        row for row in extracts.rows("d365_fo", "free_text_invoices") if truth(row.get("IsPosted"))
    ]
    credited = {
        (row["_instance"], lower(row["dataAreaId"]), lower(row.get("CorrectedInvoiceId")))
        for row in posted
        if truth(row.get("IsCorrection")) and blank(row.get("CorrectedInvoiceId"))
    }
    for row in posted:
        name = (row["_instance"], lower(row["dataAreaId"]), lower(row.get("FreeTextNumber")))
        if not truth(row.get("IsCorrection")) and name not in credited:
            add(
                "fo",
                row["dataAreaId"],
                True,
                row.get("CustomerAccount"),
                document_number=row.get("FreeTextNumber"),
                customer_reference=row.get("CustomerReference"),
                requisition=row.get("CustomerRequisition"),
                external_invoice_id=row.get("ExternalInvoiceId"),
            )
    for row in extracts.rows("d365_bc", "sales_orders"):
        add(
            "bc",
            row["_instance"],
            False,
            row.get("customerNumber"),
            document_number=row.get("number"),
            external_document_number=row.get("externalDocumentNumber"),
        )
    for row in extracts.rows("d365_bc", "sales_invoices"):
        if enum(row.get("status")) in ("open", "3", "paid", "4"):
            add(
                "bc",
                row["_instance"],
                True,
                row.get("customerNumber"),
                document_number=row.get("number"),
                order_document_number=row.get("orderNumber"),
                external_document_number=row.get("externalDocumentNumber"),
                customer_reference=row.get("customerPurchaseOrderReference"),
            )
    return documents


def known_as(order: Order, kind: str) -> list[str]:
    """The numbers of one type by which D365 may know an order, as they are written."""
    if kind == "po_number":
        return [order.po_number] if order.po_number else []
    if kind == "bc_document_number":
        return order.document_numbers
    prefix = order.facts["store"].get("order_reference_prefix") or ""
    named = [order.number, order.order_id]
    return [*named, *(prefix + str(canonical_reference(n)) for n in named)]


def spellings(written: str, length: str | None) -> set[str | None]:
    """A number as a D365 field shows it: whole, or cut to the length of the field."""
    whole = canonical_reference(written)
    cut = int(length) if length else None
    return {whole, canonical_reference(written.strip()[:cut]), (whole or "")[:cut] or None}


def hold_orders(
    orders: list[Order],
    documents: list[Row],
    matches: Matches,
    field_map: FieldMap,
    settings: Settings,
) -> None:
    """The documents of every order, by the rule of its store; a shared reference by the customer."""
    found: list[tuple[Order, str, Row]] = []
    by_number: dict[tuple[str, str], list[Row]] = {}
    for document in documents:
        for field_name, number in document["numbers"].items():
            if number:
                by_number.setdefault((field_name, number), []).append(document)
    for order in orders:
        rule = order.facts["store"].get("order_reference_rule") or settings.default_rule
        methods = [name.strip().lower() for name in rule.split("|")]
        for row in field_map.methods:
            for written in known_as(order, str(row["order_reference_type"])):
                for erp in ("fo", "bc"):
                    for number in spellings(written, row[f"{erp}_max_length"]):
                        for document in by_number.get(
                            (str(row["document_field"]), str(number)), []
                        ):
                            if row["method"] in methods and document["erp"] == erp:
                                found.append((order, str(number), document))
    carriers: dict[str, list[tuple[Order, str]]] = {}
    for order, number, document in found:
        if document["entity"]:
            account = (
                document["account"]
                and f"{field_map.master_of(document['entity'])}|{document['account']}"
            )
            carriers.setdefault(number, []).append((order, account))
    shared = {
        number
        for number, held in carriers.items()
        if len({order.key for order, _ in held if order.facts["is_active"]}) > 1
        or len({getattr(order.facts["customer"], "label", order.key) for order, _ in held}) > 1
        or len({account for _, account in held if account}) > 1
    }
    held: dict[str, list[Row]] = {}
    used: set[tuple[str, str]] = set()
    for order, number, document in found:
        if document["entity"] and (
            number not in shared or is_own(order, document, matches, field_map)
        ):
            held.setdefault(order.key, []).append(document)
            used.add((order.key, number))
    for order in orders:
        mine = held.get(order.key, []) if order.facts["is_active"] else []
        entities = destination_entities(order, field_map)
        order.facts["is_posted"] = bool(mine)
        order.facts["is_held_here"] = any(document["entity"] in entities for document in mine)
        order.facts["is_held_elsewhere"] = any(
            document["entity"] not in entities for document in mine
        )
        order.facts["is_invoiced"] = any(document["is_invoiced"] for document in mine)
        order.facts["unused_references"] = set()
    for order, number, _ in found:
        if order.facts["is_active"] and (order.key, number) not in used:
            order.facts["unused_references"].add(number)


def is_own(order: Order, document: Row, matches: Matches, field_map: FieldMap) -> bool:
    """Whether the account of a document is the order's customer, or its store's default customer."""

    def is_account(entity: str | None, number: object) -> bool:
        return bool(
            entity
            and document["account"]
            and lower(number) == document["account"]
            and field_map.master_of(entity) == field_map.master_of(document["entity"])
        )

    customer = order.facts["customer"]
    stores = (order.instance.lower(), f"{order.platform}:{order.instance}".lower())
    return any(
        is_account(match.holder.legal_entity_id, match.holder.customer_id)
        for match in (matches["headline", customer.label] if customer else [])
    ) or any(
        is_account(row["legal_entity_id"], row["d365_customer_id"])
        for row in field_map.default_customers
        if lower(row["covers"]) == "store" and lower(row["covers_value"]) in stores
    )
