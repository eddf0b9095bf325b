"""Business Central API v2.0 rows: customers, sales orders, sales invoices, exchange rates."""

from __future__ import annotations

from decimal import Decimal

from samples.generator.addresses import PLACES
from samples.generator.shapes import Bc, Document, Order, Record
from samples.generator.text import guid, later, number

NO_ID = "00000000-0000-0000-0000-000000000000"


def customer_row(row: Bc, name: str, place_key: str, is_company: bool) -> Record:
    """One customers row; `_x0020_` means not blocked."""
    place = PLACES[place_key]
    return {
        "@odata.etag": 'W/"x"',
        "id": guid("bc_customer", row.company, row.number),
        "number": row.number,
        "displayName": name,
        "type": "Company" if is_company else "Person",
        "addressLine1": place.street,
        "addressLine2": "",
        "city": place.city,
        "state": place.state,
        "country": place.country,
        "postalCode": place.zip,
        "phoneNumber": "",
        "email": row.email,
        "website": "",
        "salespersonCode": "",
        "balanceDue": 0,
        "creditLimit": 0,
        "taxLiable": True,
        "taxAreaId": NO_ID,
        "taxAreaDisplayName": "",
        "taxRegistrationNumber": row.tax_id,
        "currencyId": NO_ID,
        "currencyCode": "CAD" if row.company == "ca-trade" else "USD",
        "paymentTermsId": NO_ID,
        "shipmentMethodId": NO_ID,
        "paymentMethodId": NO_ID,
        "blocked": row.blocked,
        "lastModifiedDateTime": "2026-04-08T07:38:44.29Z",
    }


def sales_order_row(
    document: Document, order: Order, reference: str, position: int, customer: Record
) -> Record:
    """One open salesOrders row: deleted when posted."""
    net, tax = Decimal(order.net), Decimal(order.tax)
    number_of_document = f"S-ORD{101000 + position}"
    return {
        "id": guid("bc_sales_order", str(position)),
        "number": reference if document.field == "number" else number_of_document,
        "externalDocumentNumber": reference if document.field == "external" else "",
        "orderDate": order.at[:10],
        "postingDate": order.at[:10],
        "customerId": customer["id"],
        "customerNumber": customer["number"],
        "customerName": customer["displayName"],
        "billToCustomerNumber": customer["number"],
        "shipToCountry": customer["country"],
        "currencyCode": order.currency,
        "pricesIncludeTax": False,
        "discountAmount": 0,
        "totalAmountExcludingTax": number(net),
        "totalTaxAmount": number(tax),
        "totalAmountIncludingTax": number(net + tax),
        "fullyShipped": False,
        "status": document.state,
        "lastModifiedDateTime": later(order.at, 90)[:-1] + ".5Z",
        "email": customer["email"],
    }


def sales_invoice_row(
    document: Document, order: Order, reference: str, position: int, customer: Record
) -> Record:
    """One salesInvoices row: posted when its status is Open, Paid; Draft is not."""
    net, tax = Decimal(order.net), Decimal(order.tax)
    day = later(order.at, 1440)[:10]
    return {
        "id": guid("bc_sales_invoice", str(position)),
        "number": f"PS-INV{103000 + position}",
        "externalDocumentNumber": reference if document.field == "external" else "",
        "invoiceDate": day,
        "postingDate": day,
        "dueDate": "0001-01-01",
        "customerPurchaseOrderReference": reference if document.field == "reference" else "",
        "customerId": customer["id"],
        "customerNumber": customer["number"],
        "customerName": customer["displayName"],
        "billToCustomerNumber": customer["number"],
        "currencyCode": order.currency,
        "orderId": NO_ID,
        "orderNumber": f"S-ORD{100500 + position}",
        "totalAmountExcludingTax": number(net),
        "totalTaxAmount": number(tax),
        "totalAmountIncludingTax": number(net + tax),
        "remainingAmount": number(net + tax),
        "status": document.state,
        "lastModifiedDateTime": later(order.at, 1500)[:-1] + ".337Z",
    }


def exchange_rate_row(company: str, currency: str, start: str, relational: str) -> Record:
    """One currencyExchangeRates row: local amount = amount x relational / 100."""
    return {
        "id": guid("bc_rate", company, currency, start),
        "currencyCode": currency,
        "startingDate": start,
        "exchangeRateAmount": 100,
        "relationalCurrencyCode": "",
        "relationalExchangeRateAmount": number(Decimal(relational)),
        "lastModifiedDateTime": f"{start}T00:00:00Z",
    }


def contacts_row(customer: Record) -> Record:
    """A customer with its contacts: one, without an e-mail."""
    contact = {"contactId": "c0ffee00-0000-4000-8000-000000000001", "contact": {"email": ""}}
    row = {name: customer[name] for name in ("id", "number")}
    return row | {"contactsInformation": [contact]}


def company_row(company: str, name: str) -> Record:
    """One companies row."""
    return {
        "id": guid("bc_company", company),
        "name": name,
        "displayName": name,
        "systemVersion": "27.0.1",
        "systemCreatedAt": "2021-05-04T10:00:00.12Z",
    }
