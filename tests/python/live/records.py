"""Small record sets of every resource, in the shape of the API answers.

Changes are a few days old at most, so incremental loads page instead of starting bulk jobs.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

NOW = datetime.now(UTC).replace(microsecond=0)
Record = dict[str, Any]


def ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def iso(hours: float) -> str:
    return ago(hours).strftime("%Y-%m-%dT%H:%M:%SZ")


def mail(hours: float) -> str:
    return format_datetime(ago(hours))


def plain(hours: float) -> str:
    return ago(hours).strftime("%Y-%m-%d %H:%M:%S")


def unix(hours: float) -> int:
    return int(ago(hours).timestamp())


# Shopify


def gid(kind: str, number: int) -> str:
    return f"gid://shopify/{kind}/{number}"


def money(amount: str) -> Record:
    one = {"amount": amount, "currencyCode": "USD"}
    return {"shopMoney": one, "presentmentMoney": one}


def mailing_address(country: str) -> Record:
    names = (
        "name firstName lastName company address1 address2 city province provinceCode zip country"
    )
    return {**dict.fromkeys(names.split()), "countryCodeV2": country, "phone": None}


def company_address(country: str) -> Record:
    names = (
        "recipient firstName lastName companyName address1 address2 city province zoneCode zip"
        " country"
    )
    values = {**dict.fromkeys(names.split(), ""), "companyName": "Wholesale-X"}
    return {**values, "countryCode": country, "phone": None}


def purchasing(number: int) -> Record:
    if number % 2:
        return {"__typename": "Customer"}
    return {
        "__typename": "PurchasingCompany",
        "company": {"id": gid("Company", 1), "name": "Wholesale-X", "externalId": "C1"},
        "location": {"id": gid("CompanyLocation", 1), "name": "HQ", "externalId": None},
        "contact": {
            "id": gid("CompanyContact", 1),
            "customer": {"id": gid("Customer", number)},
        },
    }


def shopify_order(number: int, changed: float) -> Record:
    return {
        "id": gid("Order", number),
        "legacyResourceId": str(number),
        "name": f"#{number}",
        "number": number,
        "createdAt": iso(changed + 2),
        "processedAt": iso(changed + 2),
        "updatedAt": iso(changed),
        **dict.fromkeys(("cancelledAt", "closedAt", "cancelReason")),
        "test": False,
        "confirmed": True,
        "sourceName": "web",
        "poNumber": None,
        "tags": ["us", "retail"],
        "email": f"buyer{number}@Buyer.test",
        "phone": None,
        "taxesIncluded": False,
        "taxExempt": False,
        "currencyCode": "USD",
        "presentmentCurrencyCode": "CAD",
        "displayFinancialStatus": "PAID" if number % 3 else None,
        "displayFulfillmentStatus": "UNFULFILLED",
        "customAttributes": [{"key": "BC Doc. No.", "value": "S-1"}],
        "customer": None
        if number % 5 == 0
        else {
            "id": gid("Customer", number),
            "legacyResourceId": str(number),
            "displayName": "Zoë Núñez \U0001f6d2",
            "tags": [],
            "state": "DISABLED",
            "defaultEmailAddress": {"emailAddress": f"buyer{number}@buyer.test"},
        },
        "shippingAddress": mailing_address("CA"),
        "billingAddress": mailing_address("US"),
        "purchasingEntity": purchasing(number),
        "merchantBusinessEntity": {
            "id": gid("BusinessEntity", 1),
            "displayName": "US Trade Inc",
            "companyName": None,
            "primary": True,
            "legalEntityId": None,
        },
        "currentTotalPriceSet": money("118.4"),
        "totalPriceSet": money("128.40"),
        "originalTotalPriceSet": money("128.40"),
        "currentTotalTaxSet": money("9.4"),
        "totalTaxSet": None,
    }


def shopify_customer(number: int, changed: float) -> Record:
    return {
        "id": gid("Customer", number),
        "legacyResourceId": str(number),
        "createdAt": iso(changed + 9),
        "updatedAt": iso(changed),
        "displayName": "Ana Roe",
        "firstName": "Ana",
        "lastName": None,
        "state": "DISABLED",
        "tags": ["vip"],
        "taxExempt": False,
        "defaultEmailAddress": {"emailAddress": f"ana{number}@buyer.test"},
        "defaultAddress": mailing_address("US"),
        "taxSettings": {"taxId": None},
    }


def shopify_location(number: int, changed: float) -> Record:
    return {
        "id": gid("CompanyLocation", number),
        "name": "HQ",
        "externalId": f"C{number}",
        "createdAt": iso(changed + 9),
        "updatedAt": iso(changed),
        "company": {"id": gid("Company", number), "name": "Wholesale-X", "externalId": None},
        "taxSettings": {"taxRegistrationId": "US123", "taxExempt": False},
        "shippingAddress": company_address("US"),
        "billingAddress": company_address("US"),
    }


def shopify_draft(number: int, changed: float) -> Record:
    return {
        "id": gid("DraftOrder", number),
        "name": f"#D{number}",
        "createdAt": iso(changed + 1),
        "updatedAt": iso(changed),
        "completedAt": None,
        "status": "OPEN",
        "email": None,
        "customer": None,
        "order": None,
        "purchasingEntity": None,
        "totalPriceSet": money("10.0"),
    }


# BigCommerce


def bigcommerce_order(number: int, changed: float) -> Record:
    return {
        "id": number,
        "customer_id": 0,
        "date_created": mail(changed + 2),
        "date_modified": mail(changed),
        "date_shipped": "",
        "status_id": 11,
        "status": "Awaiting Fulfillment",
        "custom_status": "Awaiting Fulfillment",
        "payment_status": "",
        "payment_method": "Purchase Order",
        "subtotal_ex_tax": "17000.0000",
        "total_inc_tax": "18400.0000",
        "total_tax": "1400.0000",
        "refunded_amount": "0.0000",
        "items_total": 40,
        "currency_code": "USD",
        "default_currency_code": "USD",
        "store_default_currency_code": "",
        "is_deleted": False,
        "channel_id": 1,
        "external_id": None,
        "billing_address": {"company": "Wholesale-X", "country_iso2": "US", "form_fields": []},
        "consignments": {"shipping": [{"country_iso2": "CA"}], "pickups": [], "downloads": []},
        "products": {"url": "https://api.bigcommerce.com/x", "resource": "/orders/1/products"},
    }


def bigcommerce_customer(number: int, changed: float) -> Record:
    attributes = [
        {"attribute_id": n, "attribute_value": f"v{n}", "customer_id": number, "id": n}
        for n in range(12 if number == 3 else 1)
    ]
    return {
        "id": number,
        "email": f"ap{number}@wholesale-x.test",
        "first_name": "Pat",
        "last_name": "Roe",
        "company": "Wholesale-X",
        "phone": "",
        "customer_group_id": 3,
        "date_created": iso(changed + 9),
        "date_modified": iso(changed),
        "attribute_count": len(attributes),
        "attributes": attributes,
        "form_fields": [{"name": "VAT ID", "value": "US123", "customer_id": number}],
        "addresses": [],
        "origin_channel_id": 1,
    }


def b2b_company(number: int, changed: float) -> Record:
    return {
        "companyId": number,
        "companyName": "Wholesale-X",
        "companyEmail": "ap@wholesale-x.test",
        "companyPhone": "",
        "companyStatus": "1",
        "bcGroupId": 3,
        "bcGroupName": "W",
        "parentCompany": None,
        "extraFields": [{"fieldName": "ERP", "fieldValue": "C1"}],
        "uuid": None,
        "createdAt": unix(changed + 9),
        "updatedAt": unix(changed),
    }


def b2b_order(number: int, changed: float) -> Record:
    return {
        "id": number + 1000,
        "bcOrderId": number,
        "companyId": 12,
        "poNumber": "PO-77",
        "totalIncTax": 18400.5,
        "currencyCode": "USD",
        "statusCode": 11,
        "isArchived": False,
        "extraFields": [],
        "createdAt": unix(changed + 2),
        "updatedAt": unix(changed),
    }


def b2b_quote(number: int, changed: float) -> Record:
    return {
        "quoteId": number,
        "quoteNumber": f"Q{number}",
        "status": 0,
        "grandTotal": "18400.0000",
        "contactInfo": {"email": "ap@wholesale-x.test"},
        "createdAt": unix(changed + 2),
        "updatedAt": unix(changed),
    }


# Adobe Commerce


def adobe_order(number: int, changed: float) -> Record:
    return {
        "entity_id": number,
        "increment_id": f"{number:09}",
        "state": "processing",
        "status": "processing",
        "created_at": plain(changed + 2),
        "updated_at": plain(changed),
        "store_id": 2,
        "store_name": "Main Website\nMain Store\nCA EN",
        "customer_is_guest": 1,
        "customer_email": "Buyer@Acme.test",
        "order_currency_code": "CAD",
        "base_currency_code": "USD",
        "base_to_order_rate": 1.36,
        "grand_total": 136,
        "base_grand_total": 100.10,
        "billing_address": {"country_id": "CA", "street": ["1 King"]},
        "extension_attributes": {"company_order_attributes": {"company_id": 9}},
    }


def adobe_customer(number: int, changed: float) -> Record:
    return {
        "id": number,
        "group_id": 4,
        "email": "buyer@acme.test",
        "created_at": plain(changed + 9),
        "updated_at": plain(changed),
        "taxvat": "CA999",
        "addresses": [],
        "custom_attributes": [{"attribute_code": "erp_account", "value": "CA-0012"}],
    }


def adobe_company(number: int, _: float) -> Record:
    return {"id": number, "status": 1, "company_name": "Acme", "street": ["1 King"]}


def adobe_cart(number: int, changed: float) -> Record:
    return {
        "id": number,
        "created_at": plain(changed + 2),
        "updated_at": plain(changed),
        "is_active": True,
        "customer": {"id": 77, "email": "buyer@acme.test"},
        "grand_total": 12.30,
        "extension_attributes": {
            "negotiable_quote": {"quote_id": number, "status": "created", "is_regular_quote": True}
        },
    }


# Dynamics 365, Dataverse, Power Automate


def fo_customer(number: int, _: float) -> Record:
    return {
        "@odata.etag": f'W/"{number}"',
        "dataAreaId": "ustr" if number % 2 else "catr",
        "CustomerAccount": f"US-{number:04}",
        "PartyType": "Organization",
        "PartyNumber": f"{number:09}",
        "OrganizationName": "Wholesale-X",
        "PrimaryContactEmail": "ap@wholesale-x.test",
        "OnHoldStatus": "No",
        "IsOneTimeCustomer": "No",
        "TaxExemptNumber": "",
    }


def fo_contact(number: int, _: float) -> Record:
    return {
        "@odata.etag": f'W/"{number}"',
        "dataAreaId": "ustr",
        "ContactPersonId": f"CP-{number:04}",
        "AssociatedPartyNumber": "000004242",
        "PrimaryEmailAddress": "buyer@wholesale-x.test",
        "IsInactive": "No",
    }


def fo_address(number: int, _: float) -> Record:
    return {
        "@odata.etag": f'W/"{number}"',
        "dataAreaId": "ustr",
        "CustomerAccount": "US-0001",
        "ElectronicAddressId": number,
        "Locator": "ap@wholesale-x.test;b@wholesale-x.test",
        "Type": "Email",
        "IsPrimary": "No",
        "Purpose": "Business",
    }


def fo_sales_order(number: int, changed: float) -> Record:
    return {
        "@odata.etag": f'W/"{number}"',
        "dataAreaId": "ustr" if number % 2 else "catr",
        "SalesOrderNumber": f"SO-{number:06}",
        "SalesOrderStatus": "Backorder",
        "CurrencyCode": "USD",
        "CustomersOrderReference": f"BC-{number}",
        "OrderCreationDateTime": iso(changed),
        "OrderTotalAmount": 0,
    }


def fo_invoice(number: int, changed: float) -> Record:
    return {
        "@odata.etag": f'W/"{number}"',
        "dataAreaId": "ustr",
        "InvoiceIdentifier": 5637144576 + number,
        "FreeTextNumber": f"FTI-{number}",
        "InvoiceDate": "1900-01-01T12:00:00Z" if number == 2 else iso(changed),
        "CurrencyCode": "USD",
        "ExchangeRate": 100,
        "IsPosted": "No" if number == 2 else "Yes",
    }


def fo_rate(number: int, _: float) -> Record:
    return {
        "@odata.etag": f'W/"{number}"',
        "RateTypeName": "Default",
        "FromCurrency": "CAD",
        "ToCurrency": "USD",
        "StartDate": iso(24 * number),
        "EndDate": "2154-12-31T12:00:00Z",
        "Rate": 73.50 + number,
        "ConversionFactor": "Hundred",
    }


def fo_entity(number: int, _: float) -> Record:
    return {"@odata.etag": f'W/"{number}"', "LegalEntityId": f"us{number}", "Name": "US Trade"}


def guid(number: int) -> str:
    return f"f2a5738a-44e3-ea11-bb43-{number:012}"


def bc_company(number: int, _: float) -> Record:
    name = ("US Trade, Inc.", "CA Trade ULC")[number % 2]
    return {"id": guid(number), "name": name, "displayName": name}


def bc_customer(number: int, changed: float) -> Record:
    return {
        "@odata.etag": f'W/"{number}"',
        "id": guid(number),
        "number": f"C{number:05}",
        "displayName": "Wholesale-X",
        "type": "Company",
        "email": "ap@wholesale-x.test",
        "balanceDue": 12.50,
        "blocked": "_x0020_",
        "lastModifiedDateTime": iso(changed).replace("Z", ".29Z"),
    }


def bc_contacts(number: int, _: float) -> Record:
    contact = {"@odata.etag": f'W/"{number}"', "email": "buyer@wholesale-x.test"}
    return {
        "@odata.etag": f'W/"{number}"',
        "id": guid(number),
        "number": f"C{number:05}",
        "contactsInformation": [{"contactId": guid(90 + number), "contact": contact}],
    }


def bc_sales_order(number: int, changed: float) -> Record:
    return {
        "@odata.etag": f'W/"{number}"',
        "id": guid(number),
        "number": f"S-ORD{number}",
        "externalDocumentNumber": "PO-77",
        "orderDate": iso(changed)[:10],
        "totalAmountIncludingTax": 18400,
        "status": "Open",
        "lastModifiedDateTime": iso(changed).replace("Z", ".5Z"),
    }


def bc_invoice(number: int, changed: float) -> Record:
    return {
        "@odata.etag": f'W/"{number}"',
        "id": guid(number),
        "number": f"PS-INV{number}",
        "invoiceDate": iso(changed)[:10],
        "orderNumber": f"S-ORD{number}",
        "totalAmountIncludingTax": 18400.00,
        "status": "Open",
        "lastModifiedDateTime": iso(changed).replace("Z", ".503Z"),
    }


def bc_rate(number: int, changed: float) -> Record:
    return {
        "@odata.etag": f'W/"{number}"',
        "id": guid(number),
        "currencyCode": "CAD",
        "startingDate": "2026-04-01",
        "exchangeRateAmount": 100,
        "relationalExchangeRateAmount": 73.5,
        "lastModifiedDateTime": iso(changed),
    }


def account(number: int, changed: float) -> Record:
    return {
        "@odata.etag": f'W/"{number}"',
        "accountid": guid(number),
        "name": "Wholesale-X",
        "accountnumber": None,
        "emailaddress1": "ap@wholesale-x.test",
        "customertypecode": 3,
        "statecode": 0,
        "createdon": "2026-01-05T09:00:00Z",
        "modifiedon": iso(changed),
        "_msdyn_company_value": guid(900),
        "_msdyn_company_value@OData.Community.Display.V1.FormattedValue": "ustr",
    }


def contact(number: int, changed: float) -> Record:
    return {
        "contactid": guid(number),
        "fullname": "Ana Roe",
        "statecode": 0,
        "createdon": "2026-01-05T09:00:00Z",
        "msdyn_sellable": True,
        "modifiedon": iso(changed),
    }


def cdm_company(number: int, _: float) -> Record:
    return {"cdm_companyid": guid(number), "cdm_companycode": f"us{number}", "cdm_name": "US"}


def currency(number: int, changed: float) -> Record:
    return {
        "transactioncurrencyid": guid(number),
        "isocurrencycode": f"C{number:02}",
        "exchangerate": 1.360000000001,
        "statecode": 0,
        "modifiedon": iso(changed),
    }


def workflow(number: int, changed: float) -> Record:
    return {
        "workflowid": guid(number),
        "name": "ecom sync",
        "category": 5,
        "statecode": 1,
        "modifiedon": iso(changed),
    }


def flow_run(number: int, changed: float) -> Record:
    return {
        "flowrunid": guid(number),
        "name": f"0858450{number}",
        "status": "Failed",
        "starttime": iso(changed),
        "_workflow_value": guid(800),
        "duration": 7,
        "isprimary": 1,
        "modifiedon": iso(changed),
    }


def flow_event(number: int, changed: float) -> Record:
    return {
        "floweventid": guid(number),
        "eventtype": "FlowRunIngestion",
        "eventcode": "IngestionRateDataLoss",
        "createdon": iso(changed),
        "context": {"n": number},
    }
