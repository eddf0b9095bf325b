"""BigCommerce: V2 orders with consignments, V3 customers, B2B Edition companies, orders, quotes."""

from __future__ import annotations

from decimal import Decimal

from samples.generator.addresses import PLACES
from samples.generator.shapes import Order, Quote, Record, Scenario
from samples.generator.text import later, money4, number, person, rfc2822, unix

STATUSES = {
    "0": "Incomplete",
    "1": "Pending",
    "2": "Shipped",
    "3": "Partially Shipped",
    "4": "Refunded",
    "5": "Cancelled",
    "6": "Declined",
    "7": "Awaiting Payment",
    "8": "Awaiting Pickup",
    "9": "Awaiting Shipment",
    "10": "Completed",
    "11": "Awaiting Fulfillment",
    "12": "Manual Verification Required",
    "13": "Disputed",
    "14": "Partially Refunded",
    "15": "Awaiting Credit Check",
}
API = "https://api.bigcommerce.com/stores/h4x7c0mm/v2"


def _address(place_key: str, name: str, company: str, email: str) -> Record:
    place = PLACES[place_key]
    first, last = person(name)
    return {
        "first_name": first,
        "last_name": last,
        "company": company,
        "street_1": place.street,
        "street_2": "",
        "city": place.city,
        "state": place.state,
        "zip": place.zip,
        "country": place.country_name,
        "country_iso2": place.country,
        "phone": "",
        "email": email,
    }


def _form_fields(scenario: Scenario, order: Order) -> list[Record]:
    tax_id = order.tax_id or scenario.store_tax_ids.get(order.store, scenario.company_tax_id)
    return [{"name": "VAT ID", "value": tax_id}]


def _consignments(scenario: Scenario, order: Order, order_id: int, email: str) -> Record:
    places = (scenario.home,) if order.ship_to is None else order.ship_to
    buyer = scenario.contact or scenario.name
    company = scenario.name if scenario.company else ""
    shipping = []
    for position, place in enumerate(places):
        address = _address(place, buyer, company, email)
        address |= {
            "id": order_id * 10 + position,
            "shipping_method": "Ground",
            "cost_ex_tax": money4(Decimal(order.shipping) / len(places)),
        }
        shipping.append(address)
    return {"pickups": [], "shipping": shipping, "downloads": [], "email": {}}


def order_record(scenario: Scenario, order: Order, order_id: int, account_id: int) -> Record:
    """One V2 order; guests have customer_id 0."""
    refunded, tax = Decimal(order.refunded), Decimal(order.tax)
    ex_tax = Decimal(order.net) + refunded
    shipping, discount = Decimal(order.shipping), Decimal(order.discount)
    goods = ex_tax - shipping + discount
    email = scenario.store_emails.get(order.store, scenario.email)
    email = email if order.email is None else order.email
    status_id = order.status or "11"
    display = order.display_currency or order.currency
    address_count = 1 if order.ship_to is None else len(order.ship_to)
    billing = _address(
        order.bill_to or scenario.home,
        scenario.contact or scenario.name,
        scenario.name if scenario.company else "",
        email,
    )
    billing["form_fields"] = _form_fields(scenario, order)
    method = "Test Payment Gateway" if order.test else "Purchase Order"
    return {
        "id": order_id,
        "customer_id": 0 if order.by == "guest" else account_id,
        "date_created": rfc2822(order.at),
        "date_modified": rfc2822(later(order.at, 42)),
        "date_shipped": rfc2822(later(order.at, 2000)) if status_id in ("2", "10") else "",
        "status_id": int(status_id),
        "status": STATUSES[status_id],
        "custom_status": STATUSES[status_id],
        "payment_status": "partially refunded" if refunded else "",
        "payment_method": method,
        "subtotal_ex_tax": money4(goods),
        "subtotal_inc_tax": money4(goods + tax),
        "shipping_cost_ex_tax": money4(shipping),
        "shipping_cost_inc_tax": money4(shipping),
        "discount_amount": money4(discount),
        "coupon_discount": "0.0000",
        "total_ex_tax": money4(ex_tax),
        "total_inc_tax": money4(ex_tax + tax),
        "total_tax": money4(tax),
        "refunded_amount": money4(refunded),
        "is_tax_inclusive_pricing": False,
        "items_total": 12,
        "currency_id": 1,
        "currency_code": display,
        "currency_exchange_rate": "1.3600000000" if display != "USD" else "1.0000000000",
        "default_currency_id": 1,
        "default_currency_code": order.currency,
        "store_default_currency_code": "USD",
        "store_default_to_transactional_exchange_rate": "1.3600000000"
        if order.currency != "USD"
        else "1.0000000000",
        "is_deleted": order.deleted,
        "order_source": "www",
        "channel_id": int(order.channel or 1),
        "external_source": None,
        "external_id": None,
        "external_order_id": "",
        "staff_notes": "",
        "billing_address": billing,
        "shipping_address_count": address_count,
        "consignments": _consignments(scenario, order, order_id, email),
        "products": {
            "url": f"{API}/orders/{order_id}/products",
            "resource": f"/orders/{order_id}/products",
        },
        "shipping_addresses": {
            "url": f"{API}/orders/{order_id}/shippingaddresses",
            "resource": f"/orders/{order_id}/shippingaddresses",
        },
    }


def customer_record(scenario: Scenario, account_id: int, store: str) -> Record:
    """One V3 customer. The VAT number and the ERP account are form fields."""
    email = scenario.store_emails.get(store, scenario.email)
    first, last = person(scenario.contact or scenario.name)
    tax_id = scenario.store_tax_ids.get(store, scenario.company_tax_id)
    place = PLACES[scenario.home]
    address = {
        "id": account_id + 100,
        "customer_id": account_id,
        "first_name": first,
        "last_name": last,
        "company": scenario.name if scenario.company else "",
        "address1": place.street,
        "address2": "",
        "city": place.city,
        "state_or_province": place.state,
        "postal_code": place.zip,
        "country_code": place.country,
        "country": place.country_name,
        "phone": "",
        "address_type": "commercial",
    }
    return {
        "id": account_id,
        "email": email,
        "first_name": first,
        "last_name": last,
        "company": scenario.name if scenario.company else "",
        "phone": "",
        "notes": "",
        "tax_exempt_category": "",
        "customer_group_id": 3 if scenario.company else 0,
        "date_created": "2025-08-10T21:05:30Z",
        "date_modified": "2026-04-05T20:16:55Z",
        "address_count": 1,
        "attribute_count": 0,
        "attributes": [],
        "form_fields": [
            {"name": "VAT ID", "value": tax_id, "customer_id": account_id},
            {"name": "ERP Account", "value": scenario.erp_account, "customer_id": account_id},
        ],
        "addresses": [address],
        "origin_channel_id": 1,
        "channel_ids": [1],
    }


def company_record(scenario: Scenario, company_id: int, store: str) -> Record:
    """One B2B Edition company."""
    tax_id = scenario.store_tax_ids.get(store, scenario.company_tax_id)
    return {
        "companyId": company_id,
        "companyName": scenario.name,
        "companyEmail": scenario.shared_email or scenario.store_emails.get(store, scenario.email),
        "companyPhone": "",
        "companyStatus": "1",
        "bcGroupId": 3,
        "bcGroupName": "Wholesale",
        "parentCompany": None,
        "extraFields": [
            {"fieldName": "Tax ID", "fieldValue": tax_id},
            {"fieldName": "ERP Account", "fieldValue": scenario.company_erp_account},
        ],
        "uuid": f"b2b-{company_id:06d}",
        "catalogId": "",
        "createdAt": unix("2025-08-10T21:00:00Z"),
        "updatedAt": unix("2026-03-30T08:00:00Z"),
    }


def b2b_order_record(
    scenario: Scenario, order: Order, order_id: int, company_id: int, position: int
) -> Record:
    """One B2B Edition order: the only place with the company and the PO number of an order."""
    gross = Decimal(order.net) + Decimal(order.refunded) + Decimal(order.tax)
    return {
        "id": position,
        "bcOrderId": order_id,
        "companyId": company_id,
        "poNumber": order.po_number,
        "totalIncTax": number(gross),
        "currencyCode": order.currency,
        "statusCode": int(order.status or "11"),
        "isArchived": order.deleted,
        "extraFields": [],
        "createdAt": unix(order.at),
        "updatedAt": unix(later(order.at, 42)),
    }


def quote_record(scenario: Scenario, quote: Quote, quote_id: int, company_id: int) -> Record:
    """One B2B Edition quote: never an order."""
    return {
        "quoteId": quote_id,
        "quoteNumber": f"QN{quote_id:06d}",
        "referenceNumber": f"REF-{quote_id}",
        "companyId": company_id,
        "companyInfo": {"companyId": company_id, "companyName": scenario.name},
        "contactInfo": {"name": scenario.contact, "email": scenario.email},
        "status": int(quote.status),
        "grandTotal": number(Decimal(quote.net)),
        "totalAmount": number(Decimal(quote.net)),
        "currency": {"currencyCode": quote.currency},
        "createdAt": unix(quote.at),
        "updatedAt": unix(later(quote.at, 60)),
        "expiredAt": unix(later(quote.at, 43200)),
        "bcOrderId": None,
    }
