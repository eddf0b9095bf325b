"""API objects in the shape of the systems; the caller sets the relevant fields."""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

Row = dict[str, Any]
NIL = "00000000-0000-0000-0000-000000000000"


def guid(*parts: object) -> str:
    """A guid that depends only on its parts."""
    return str(uuid.UUID(hashlib.md5("|".join(map(str, parts)).encode()).hexdigest()))


def iso(moment: datetime) -> str:
    """2026-04-09T14:03:22Z"""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def rfc(moment: datetime) -> str:
    """Thu, 09 Apr 2026 14:03:22 +0000"""
    return format_datetime(moment.replace(tzinfo=UTC))


def sql_time(moment: datetime) -> str:
    """2026-04-09 14:03:22"""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def unix(moment: datetime) -> int:
    """Seconds since 1970."""
    return int(moment.replace(tzinfo=UTC).timestamp())


def money(amount: str, currency: str, shop_amount: str, shop_currency: str) -> Row:
    """A Shopify MoneyBag."""
    return {
        "shopMoney": {"amount": shop_amount, "currencyCode": shop_currency},
        "presentmentMoney": {"amount": amount, "currencyCode": currency},
    }


def shopify_address(who: Row, country: str | None) -> Row | None:
    """A Shopify MailingAddress; None without a country."""
    if country is None:
        return None
    return {
        "name": who["person"],
        "company": who.get("company"),
        "address1": "1 Dock Rd",
        "city": "Town",
        "zip": who["zip"],
        "countryCodeV2": country,
    }


def shopify_customer(customer_id: int, who: Row, **given: Any) -> Row:
    """A Shopify Customer node."""
    return {
        "id": f"gid://shopify/Customer/{customer_id}",
        "legacyResourceId": str(customer_id),
        "createdAt": "2025-09-14T12:00:00Z",
        "updatedAt": "2026-01-05T06:30:00Z",
        "displayName": who["person"],
        "firstName": who["person"],
        "lastName": None,
        "state": "ENABLED",
        "tags": given.get("tags", []),
        "defaultEmailAddress": {"emailAddress": given["email"]} if given.get("email") else None,
        "email": given.get("email"),
        "defaultAddress": shopify_address(who, given.get("country")),
        "taxExempt": False,
        "taxSettings": {"taxId": given.get("tax_id")},
    }


def shopify_order(order_id: int, moment: datetime, **given: Any) -> Row:
    """A Shopify Order node; `total`, `tax` in the presentment currency."""
    total, tax, currency = given["total"], given["tax"], given["currency"]
    shop_currency = given.get("shop_currency", currency)
    row = {
        "id": f"gid://shopify/Order/{order_id}",
        "legacyResourceId": str(order_id),
        "name": given["name"],
        "number": order_id,
        "createdAt": iso(moment),
        "processedAt": iso(moment),
        "updatedAt": given.get("updated", iso(moment)),
        "cancelledAt": given.get("cancelled"),
        "closedAt": None,
        "cancelReason": None,
        "test": given.get("test", False),
        "confirmed": True,
        "sourceName": given.get("channel", "web"),
        "poNumber": given.get("po"),
        "tags": given.get("tags", []),
        "email": given.get("email"),
        "phone": None,
        "taxesIncluded": False,
        "taxExempt": False,
        "currencyCode": shop_currency,
        "presentmentCurrencyCode": currency,
        "displayFinancialStatus": given.get("financial"),
        "displayFulfillmentStatus": given.get("fulfillment", "UNFULFILLED"),
        "customAttributes": given.get("attributes", []),
        "customer": None,
        "shippingAddress": given.get("shipping"),
        "billingAddress": given.get("billing"),
        "purchasingEntity": given.get("purchasing"),
        "merchantBusinessEntity": given.get("business_entity"),
        "currentTotalPriceSet": money(total, currency, total, shop_currency),
        "totalPriceSet": money(total, currency, total, shop_currency),
        "originalTotalPriceSet": money(total, currency, total, shop_currency),
        "currentTotalTaxSet": money(tax, currency, tax, shop_currency),
        "totalTaxSet": money(tax, currency, tax, shop_currency),
    }
    if given.get("customer_id"):
        row["customer"] = {"id": f"gid://shopify/Customer/{given['customer_id']}"}
    return row


def bigcommerce_order(order_id: int, moment: datetime, **given: Any) -> Row:
    """A BigCommerce V2 order with its consignments embedded."""
    return {
        "id": order_id,
        "customer_id": given.get("customer_id", 0),
        "date_created": rfc(moment),
        "date_modified": given.get("updated", rfc(moment)),
        "date_shipped": "",
        "status_id": given["status_id"],
        "status": "Renamed",
        "custom_status": "Renamed",
        "payment_status": given.get("payment_status", ""),
        "payment_method": given.get("payment_method", "Purchase Order"),
        "subtotal_ex_tax": given["net"],
        "subtotal_inc_tax": given["total"],
        "total_ex_tax": given["net"],
        "total_inc_tax": given["total"],
        "total_tax": "0.0000",
        "refunded_amount": given.get("refunded", "0.0000"),
        "items_total": 1,
        "currency_code": given.get("display_currency", given["currency"]),
        "currency_exchange_rate": "1.0000000000",
        "default_currency_code": given["currency"],
        "store_default_currency_code": "USD",
        "store_default_to_transactional_exchange_rate": "1.0000000000",
        "is_deleted": given.get("deleted", False),
        "order_source": given.get("source", "www"),
        "channel_id": given.get("channel", 1),
        "external_source": None,
        "external_id": None,
        "external_order_id": given.get("po", ""),
        "billing_address": given["billing"],
        "consignments": {
            "pickups": [],
            "shipping": given.get("shipping", []),
            "downloads": [],
        },
    }


def bigcommerce_customer(customer_id: int, who: Row, **given: Any) -> Row:
    """A BigCommerce V3 customer with attributes and form fields."""
    return {
        "id": customer_id,
        "email": given.get("email") or "",
        "first_name": who["person"],
        "last_name": "",
        "company": who.get("company") or "",
        "phone": "",
        "customer_group_id": 3,
        "date_created": "2025-08-10T21:05:30Z",
        "date_modified": "2026-01-05T20:16:55Z",
        "attributes": given.get("attributes", []),
        "form_fields": given.get("form_fields", []),
        "addresses": [],
        "origin_channel_id": 1,
    }


def bigcommerce_company(company_id: int, name: str, **given: Any) -> Row:
    """A company of B2B Edition."""
    return {
        "companyId": company_id,
        "companyName": name,
        "companyEmail": given.get("email") or "",
        "companyPhone": "",
        "companyStatus": "1",
        "bcGroupId": 3,
        "bcGroupName": given.get("group", "Wholesale"),
        "parentCompany": None,
        "extraFields": given.get("extra_fields", []),
        "uuid": f"b2b-{company_id}",
        "createdAt": 1754859600,
        "updatedAt": 1767857600,
    }


def b2b_order(order_id: int, company_id: int, po_number: str) -> Row:
    """The B2B Edition side of a BigCommerce order."""
    return {
        "id": order_id + 7,
        "bcOrderId": order_id,
        "companyId": company_id,
        "poNumber": po_number,
        "totalIncTax": 1,
        "currencyCode": "USD",
        "statusCode": 11,
        "isArchived": False,
        "extraFields": [],
        "createdAt": 1767447187,
        "updatedAt": 1767449707,
    }


def adobe_order(entity_id: int, moment: datetime, **given: Any) -> Row:
    """An Adobe Commerce order; absent fields are left out, as the API does."""
    row = {
        "entity_id": entity_id,
        "increment_id": given["number"],
        "state": given["state"],
        "status": given["state"],
        "created_at": sql_time(moment),
        "updated_at": given.get("updated", sql_time(moment)),
        "store_id": given.get("store_id", 2),
        "store_name": "Main Website\nMain Store\nEN",
        "customer_is_guest": 0 if given.get("customer_id") else 1,
        "customer_email": given.get("email"),
        "customer_firstname": given.get("first_name"),
        "order_currency_code": given["currency"],
        "base_currency_code": "USD",
        "base_to_order_rate": 1,
        "grand_total": given["total"],
        "base_grand_total": given["total"],
        "tax_amount": given["tax"],
        "total_refunded": given.get("refunded"),
        "tax_refunded": given.get("tax_refunded"),
        "total_canceled": given.get("canceled"),
        "total_paid": given.get("paid", 0),
        "total_due": 0,
        "is_virtual": 0,
        "customer_id": given.get("customer_id"),
        "customer_taxvat": given.get("tax_id"),
        "ext_customer_id": given.get("external_id"),
        "billing_address": given["billing"],
        "payment": {"method": "purchaseorder", "po_number": given.get("po")},
        "extension_attributes": {
            "shipping_assignments": [
                {"shipping": {"address": address, "method": "flatrate"}, "items": []}
                for address in given.get("shipping", [])
            ],
        },
    }
    if given.get("company_id") is not None:
        row["extension_attributes"]["company_order_attributes"] = {
            "order_id": entity_id,
            "company_id": given["company_id"],
            "company_name": given.get("company_name"),
        }
    return {name: value for name, value in row.items() if value is not None}


def fo_customer(area: str, account: str, who: Row, **given: Any) -> Row:
    """A CustomersV3 record."""
    return {
        "dataAreaId": area,
        "CustomerAccount": account,
        "PartyType": "Organization" if who.get("company") else "Person",
        "PartyNumber": given.get("party", ""),
        "OrganizationName": given.get("name", who["person"]),
        "PersonFirstName": "",
        "PersonLastName": "",
        "NameAlias": "",
        "CustomerGroupId": "WHOLE",
        "SalesCurrencyCode": "USD",
        "PrimaryContactEmail": given.get("email") or "",
        "TaxExemptNumber": given.get("tax_id") or "",
        "TaxRegistrationId": "",
        "IdentificationNumber": given.get("identification") or "",
        "OrganizationNumber": "",
        "OnHoldStatus": given.get("hold", "No"),
        "IsOneTimeCustomer": "No",
        "InvoiceAccount": "",
        "AddressCountryRegionId": given.get("country_3", ""),
        "AddressCountryRegionISOCode": given.get("country") or "",
        "AddressZipCode": who["zip"],
        "AddressCity": "Town",
        "AddressStreet": "1 Dock Rd",
    }


def bc_customer(customer_id: str, number: str, who: Row, **given: Any) -> Row:
    """A Business Central customer."""
    return {
        "id": customer_id,
        "number": number,
        "displayName": given.get("name", who["person"]),
        "type": "Company" if who.get("company") else "Person",
        "addressLine1": "1 Dock Rd",
        "addressLine2": "",
        "city": "Town",
        "state": "",
        "country": given.get("country") or "",
        "postalCode": who["zip"],
        "phoneNumber": "",
        "email": given.get("email") or "",
        "taxRegistrationNumber": given.get("tax_id") or "",
        "currencyCode": "USD",
        "paymentTermsId": NIL,
        "blocked": given.get("blocked", "_x0020_"),
        "lastModifiedDateTime": "2026-04-08T07:38:44.29Z",
    }
