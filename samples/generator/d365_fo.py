"""F&O OData rows: CustomersV3, CustomerElectronicAddresses, sales orders, free-text invoices."""

from __future__ import annotations

from decimal import Decimal

from samples.generator.addresses import PLACES
from samples.generator.shapes import Document, Fo, Order, Record
from samples.generator.text import later, number, person

NO_DATE = "1900-01-01T12:00:00Z"
OPEN_END = "2154-12-31T12:00:00Z"


def customer_row(
    row: Fo, name: str, place_key: str, is_organization: bool, position: int, identification: str
) -> Record:
    """One CustomersV3 row; blanks are written as ""."""
    place = PLACES[place_key]
    first, last = ("", "") if is_organization else person(name)
    return {
        "@odata.etag": f'W/"JzEs{5637144576 + position}Jw=="',
        "dataAreaId": row.entity,
        "CustomerAccount": row.account,
        "PartyType": "Organization" if is_organization else "Person",
        "PartyNumber": f"{4200 + position:09d}",
        "OrganizationName": name if is_organization else "",
        "PersonFirstName": first,
        "PersonLastName": last,
        "NameAlias": name[:20],
        "CustomerGroupId": "WHOLE" if is_organization else "RETAIL",
        "SalesCurrencyCode": "CAD" if row.entity == "catr" else "USD",
        "PrimaryContactEmail": row.email,
        "PrimaryContactPhone": "",
        "TaxExemptNumber": row.tax_id,
        "TaxRegistrationId": row.tax_registration,
        "IdentificationNumber": identification,
        "OrganizationNumber": "",
        "FiscalCode": "",
        "OnHoldStatus": row.hold,
        "IsOneTimeCustomer": row.one_time,
        "InvoiceAccount": "",
        "AddressCountryRegionId": place.country3,
        "AddressCountryRegionISOCode": place.country if row.iso_code else "",
        "AddressZipCode": place.zip,
        "AddressCity": place.city,
        "AddressStreet": place.street,
        "AddressState": place.state,
        "CreditLimit": 0,
        "AddressValidFrom": "1900-01-01T00:00:00Z",
        "AddressValidTo": "2154-12-31T23:59:59Z",
    }


def electronic_addresses(row: Fo, position: int) -> list[Record]:
    """The primary e-mail, a telephone number and the further e-mails of one customer."""
    addresses = []
    locators = [("Email", row.email, "Yes")] if row.email else []
    locators += [("Phone", f"+1 555 01{position:03d}", "No")]
    locators += [("Email", further, "No") for further in row.further]
    for offset, (kind, locator, is_primary) in enumerate(locators):
        addresses.append(
            {
                "dataAreaId": row.entity,
                "CustomerAccount": row.account,
                "ElectronicAddressId": f"{900000 + position * 10 + offset:09d}",
                "Locator": locator,
                "Type": kind,
                "IsPrimary": is_primary,
                "Purpose": "Business",
            }
        )
    return addresses


def contact_row(position: int, party: str, email: str, is_inactive: str) -> Record:
    """One ContactPersons row of ustr."""
    return {
        "dataAreaId": "ustr",
        "ContactPersonId": f"CP-{position:06d}",
        "AssociatedPartyNumber": party,
        "PrimaryEmailAddress": email,
        "IsInactive": is_inactive,
    }


def sales_order_row(
    document: Document, order: Order, reference: str, position: int, country: str, email: str
) -> Record:
    """One SalesOrderHeadersV2 row. Totals are 0 because F&O has not calculated them."""
    statuses = {
        "open": "Backorder",
        "canceled": "Canceled",
        "invoiced": "Invoiced",
        "delivered": "Delivered",
    }
    return {
        "dataAreaId": document.entity,
        "SalesOrderNumber": f"SO-{812 + position:06d}",
        "SalesOrderStatus": statuses[document.state],
        "SalesOrderProcessingStatus": "Active",
        "OrderingCustomerAccountNumber": document.account,
        "InvoiceCustomerAccountNumber": document.account,
        "CurrencyCode": order.currency,
        "CustomersOrderReference": reference if document.field == "reference" else "",
        "CustomerRequisitionNumber": reference if document.field == "requisition" else "",
        "SalesOrderOriginCode": "ECOM",
        "OrderCreationDateTime": later(order.at, 18),
        "QuotationNumber": "",
        "OrderTotalAmount": 0,
        "OrderTotalTaxAmount": 0,
        "AreTotalsCalculated": "No",
        "DeliveryAddressCountryRegionISOCode": country,
        "TaxExemptNumber": "",
        "Email": email,
    }


def free_text_invoice_row(
    document: Document, order: Order, reference: str, position: int
) -> Record:
    """One FreeTextInvoiceHeaders row. Record ids exceed 2^53; unposted: no number, no date."""
    day = later(order.at, 1440)[:10]
    posted = document.state != "unposted"
    return {
        "dataAreaId": document.entity,
        "InvoiceIdentifier": 9007199254740993 + position,
        "FreeTextNumber": f"FTI-{31 + position:06d}" if posted else "",
        "CustomerAccount": document.account,
        "InvoiceAccount": document.account,
        "InvoiceDate": f"{day}T12:00:00Z" if posted else NO_DATE,
        "DocumentDate": NO_DATE,
        "DueDate": f"{day}T12:00:00Z" if posted else NO_DATE,
        "CurrencyCode": order.currency,
        "ExchangeRate": 100,
        "CustomerReference": reference if document.field == "reference" else "",
        "CustomerRequisition": reference if document.field == "requisition" else "",
        "ExternalInvoiceId": reference if document.field == "external" else "",
        "IsPosted": "Yes" if posted else "No",
        "IsCorrection": "Yes" if document.state == "correction" else "No",
        "IsOneTimeCustomer": "No",
        "InclTax": "No",
    }


def exchange_rate_row(
    from_currency: str,
    to_currency: str,
    start: str,
    rate: str,
    factor: str,
    end: str = "",
    rate_type: str = "Default",
) -> Record:
    """One ExchangeRates row: amount x Rate / factor. Dates are written at noon."""
    return {
        "RateTypeName": rate_type,
        "FromCurrency": from_currency,
        "ToCurrency": to_currency,
        "StartDate": f"{start}T12:00:00Z",
        "EndDate": f"{end}T12:00:00Z" if end else OPEN_END,
        "Rate": number(Decimal(rate)),
        "ConversionFactor": factor,
        "RateTypeDescription": f"{rate_type} exchange rate type",
    }


def legal_entity_row(code: str, name: str, country: str, time_zone: str) -> Record:
    """One LegalEntities row."""
    return {
        "LegalEntityId": code,
        "Name": name,
        "AddressCountryRegionISOCode": country,
        "TimeZone": time_zone,
    }
