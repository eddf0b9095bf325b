"""Dataverse Web API rows: accounts, contacts, companies, currencies."""

from __future__ import annotations

from decimal import Decimal

from samples.generator.addresses import PLACES
from samples.generator.shapes import Dataverse, Record
from samples.generator.text import guid, number, person

FORMATTED = "@OData.Community.Display.V1.FormattedValue"


def dataverse_id(row: Dataverse, name: str) -> str:
    """The GUID of the account or contact."""
    return guid(row.kind, row.name or name, row.number)


def account_row(row: Dataverse, name: str, place_key: str) -> Record:
    """One account. Empty is null here."""
    place = PLACES[place_key]
    return {
        "@odata.etag": 'W/"72201545"',
        "accountid": dataverse_id(row, name),
        "name": row.name or name,
        "accountnumber": row.number or None,
        "emailaddress1": row.email or None,
        "emailaddress2": row.email2 or None,
        "emailaddress3": None,
        "telephone1": None,
        "customertypecode": row.customer_type,
        "statecode": 0 if row.active else 1,
        "statuscode": 1 if row.active else 2,
        "createdon": row.created,
        "modifiedon": "2026-04-08T10:00:00Z",
        "address1_country": place.country,
        "address1_postalcode": place.zip,
        "_msdyn_company_value": guid("cdm_company", row.company) if row.company else None,
        f"_msdyn_company_value{FORMATTED}": row.company or None,
        "msdyn_taxexemptnumber": row.tax_id or None,
        "msdyn_identificationnumber": row.identification or None,
        "msdyn_onholdstatus": None,
        "msdyn_onetimecustomer": False,
        "_transactioncurrencyid_value": guid("transactioncurrency", "USD"),
        "_msdyn_partyid_value": None,
        "msdyn_partynumber": None,
    }


def contact_row(row: Dataverse, name: str, place_key: str) -> Record:
    """One contact. Empty is null here."""
    place = PLACES[place_key]
    first, last = person(row.name or name)
    return {
        "contactid": dataverse_id(row, name),
        "fullname": row.name or name,
        "firstname": first,
        "lastname": last,
        "emailaddress1": row.email or None,
        "emailaddress2": row.email2 or None,
        "emailaddress3": None,
        "statecode": 0 if row.active else 1,
        "statuscode": 1 if row.active else 2,
        "msdyn_sellable": row.sellable,
        "msdyn_contactpersonid": row.number or None,
        "msdyn_identificationnumber": row.identification or None,
        "_msdyn_company_value": guid("cdm_company", row.company) if row.company else None,
        "_parentcustomerid_value": None,
        "address1_country": place.country,
        "address1_postalcode": place.zip,
        "createdon": row.created,
        "modifiedon": "2026-04-08T10:00:00Z",
    }


def company_row(code: str, name: str) -> Record:
    """One cdm_company: a D365 company in Dataverse, its code in capitals."""
    return {"cdm_companyid": guid("cdm_company", code), "cdm_companycode": code, "cdm_name": name}


def currency_row(code: str, name: str, rate: str, precision: int = 2) -> Record:
    """One transactioncurrency: units of the currency per one unit of the base currency (USD)."""
    return {
        "transactioncurrencyid": guid("transactioncurrency", code),
        "isocurrencycode": code,
        "currencyname": name,
        "exchangerate": number(Decimal(rate)),
        "currencyprecision": precision,
        "statecode": 0,
        "modifiedon": "2026-01-05T06:00:00Z",
    }
