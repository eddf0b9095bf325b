"""Tables of Synapse Link and Fabric Link → the fields of the API entities.

F&O tables have enums as integers and spread a customer over the party and address tables; Dataverse
tables have lookups under their plain name. Each query gives the API's field names, so everything
downstream is the same. `tables` lists the columns a query reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.sources import tables as raw_tables


@dataclass(frozen=True)
class LinkQuery:
    """The tables (with their columns) and the query of one resource."""

    tables: Mapping[str, tuple[str, ...]]
    sql: str


def columns(names: str) -> tuple[str, ...]:
    """Column names from a text."""
    return tuple(names.split())


def enum(column: str, *names: str) -> str:
    """SQL: the name of an enum whose values count from 0; a text stays as it is."""
    whens = " ".join(f"when '{number}' then '{name}'" for number, name in enumerate(names))
    return f"case {column} {whens} else {column} end"


def no_yes(column: str) -> str:
    """SQL: the NoYes enum."""
    number = enum(column, "No", "Yes")
    return f"case lower({column}) when 'true' then 'Yes' when 'false' then 'No' else {number} end"


HOLD = ("No", "Invoice", "All", "Payment", "Requisition", "Never", "PurchOrder")
SALES_STATUS = ("None", "Backorder", "Delivered", "Invoiced", "Canceled")
ADDRESS_TYPE = ("None", "Phone", "Email", "URL", "Telex", "Fax", "Facebook", "Twitter", "LinkedIn")

CUSTTABLE = columns(
    "recid dataareaid accountnum party custgroup currency vatnum blocked invoiceaccount "
    "onetimecustomer identificationnumber"
)
PARTY = columns(
    "recid partynumber name namealias primarycontactemail primarycontactphone "
    "primaryaddresslocation"
)
ELECTRONIC = ("recid", "location", "locator", "type", "isprimary")
POSTAL = (
    "recid",
    "location",
    "countryregionid",
    "zipcode",
    "city",
    "street",
    "validfrom",
    "validto",
)
COUNTRY = ("countryregionid", "isocode")

CUSTOMERS = f"""
with current_addresses as (
    select * from logisticspostaladdress
    where coalesce(try_cast(validto as timestamptz), 'infinity') > now()
    qualify row_number() over (partition by location order by validfrom desc nulls last) = 1
)

select
    lower(custtable.dataareaid) as "dataAreaId",
    custtable.accountnum as "CustomerAccount",
    dirpartytable.partynumber as "PartyNumber",
    dirpartytable.name as "OrganizationName",
    dirpartytable.namealias as "NameAlias",
    custtable.custgroup as "CustomerGroupId",
    custtable.currency as "SalesCurrencyCode",
    email.locator as "PrimaryContactEmail",
    phone.locator as "PrimaryContactPhone",
    custtable.vatnum as "TaxExemptNumber",
    custtable.identificationnumber as "IdentificationNumber",
    {enum("custtable.blocked", *HOLD)} as "OnHoldStatus",
    {no_yes("custtable.onetimecustomer")} as "IsOneTimeCustomer",
    custtable.invoiceaccount as "InvoiceAccount",
    current_addresses.countryregionid as "AddressCountryRegionId",
    country.isocode as "AddressCountryRegionISOCode",
    current_addresses.zipcode as "AddressZipCode",
    current_addresses.city as "AddressCity",
    current_addresses.street as "AddressStreet"
from custtable
left join dirpartytable on custtable.party = dirpartytable.recid
left join logisticselectronicaddress as email
    on dirpartytable.primarycontactemail = email.recid
left join logisticselectronicaddress as phone
    on dirpartytable.primarycontactphone = phone.recid
left join current_addresses
    on dirpartytable.primaryaddresslocation = current_addresses.location
left join logisticsaddresscountryregion as country
    on current_addresses.countryregionid = country.countryregionid
order by 1, 2"""

ADDRESSES = f"""
select distinct
    lower(custtable.dataareaid) as "dataAreaId",
    custtable.accountnum as "CustomerAccount",
    address.recid as "ElectronicAddressId",
    address.locator as "Locator",
    {enum("address.type", *ADDRESS_TYPE)} as "Type",
    {no_yes("address.isprimary")} as "IsPrimary"
from custtable
inner join dirpartylocation on custtable.party = dirpartylocation.party
inner join logisticselectronicaddress as address
    on dirpartylocation.location = address.location
order by 1, 2, 3"""

SALES_ORDERS = f"""
select
    lower(dataareaid) as "dataAreaId",
    salesid as "SalesOrderNumber",
    {enum("salesstatus", *SALES_STATUS)} as "SalesOrderStatus",
    custaccount as "OrderingCustomerAccountNumber",
    invoiceaccount as "InvoiceCustomerAccountNumber",
    currencycode as "CurrencyCode",
    customerref as "CustomersOrderReference",
    purchorderformnum as "CustomerRequisitionNumber",
    salesoriginid as "SalesOrderOriginCode",
    createddatetime as "OrderCreationDateTime",
    quotationid as "QuotationNumber",
    vatnum as "TaxExemptNumber",
    email as "Email"
from salestable
order by 1, 2"""

FREE_TEXT_INVOICES = f"""
select
    lower(dataareaid) as "dataAreaId",
    recid as "InvoiceIdentifier",
    invoiceid as "FreeTextNumber",
    orderaccount as "CustomerAccount",
    invoiceaccount as "InvoiceAccount",
    invoicedate as "InvoiceDate",
    documentdate as "DocumentDate",
    duedate as "DueDate",
    currencycode as "CurrencyCode",
    exchrate as "ExchangeRate",
    customerref as "CustomerReference",
    purchorderformnum as "CustomerRequisition",
    externalinvoiceid as "ExternalInvoiceId",
    {no_yes("posted")} as "IsPosted",
    {no_yes("onetimecustomer")} as "IsOneTimeCustomer",
    {no_yes("incltax")} as "InclTax"
from custinvoicetable
order by 1, 2"""

# the table has the rate for 100 units of the from-currency
EXCHANGE_RATES = """
select
    kind.name as "RateTypeName",
    pair.fromcurrencycode as "FromCurrency",
    pair.tocurrencycode as "ToCurrency",
    rate.validfrom as "StartDate",
    rate.validto as "EndDate",
    rate.exchangerate as "Rate",
    'Hundred' as "ConversionFactor"
from exchangerate as rate
inner join exchangeratecurrencypair as pair on rate.exchangeratecurrencypair = pair.recid
inner join exchangeratetype as kind on pair.exchangeratetype = kind.recid
order by 1, 2, 3, 4"""

LEGAL_ENTITIES = """
select upper(dataarea) as "LegalEntityId", name as "Name" from companyinfo order by 1"""

FINANCE_AND_OPERATIONS = {
    "customers": LinkQuery(
        {
            "custtable": CUSTTABLE,
            "dirpartytable": PARTY,
            "logisticselectronicaddress": ELECTRONIC,
            "logisticspostaladdress": POSTAL,
            "logisticsaddresscountryregion": COUNTRY,
        },
        CUSTOMERS,
    ),
    "customer_electronic_addresses": LinkQuery(
        {
            "custtable": CUSTTABLE,
            "dirpartylocation": ("party", "location"),
            "logisticselectronicaddress": ELECTRONIC,
        },
        ADDRESSES,
    ),
    "sales_orders": LinkQuery(
        {
            "salestable": columns(
                "dataareaid salesid salesstatus custaccount invoiceaccount currencycode "
                "customerref purchorderformnum salesoriginid createddatetime quotationid "
                "vatnum email"
            )
        },
        SALES_ORDERS,
    ),
    "free_text_invoices": LinkQuery(
        {
            "custinvoicetable": columns(
                "dataareaid recid invoiceid orderaccount invoiceaccount invoicedate documentdate "
                "duedate currencycode exchrate customerref purchorderformnum externalinvoiceid "
                "posted onetimecustomer incltax"
            )
        },
        FREE_TEXT_INVOICES,
    ),
    "exchange_rates": LinkQuery(
        {
            "exchangerate": ("exchangeratecurrencypair", "validfrom", "validto", "exchangerate"),
            "exchangeratecurrencypair": (
                "recid",
                "fromcurrencycode",
                "tocurrencycode",
                "exchangeratetype",
            ),
            "exchangeratetype": ("recid", "name"),
        },
        EXCHANGE_RATES,
    ),
    "legal_entities": LinkQuery({"companyinfo": ("dataarea", "name")}, LEGAL_ENTITIES),
}


def _dataverse(resource: str, table: str) -> LinkQuery:
    """A Dataverse table has the API's column names, except lookups (`_x_value` in the API)."""
    fields = [column.field for column in raw_tables.BY_NAME["dataverse", resource].columns]
    plain = {field: field.removeprefix("_").removesuffix("_value") for field in fields}
    chosen = ", ".join(f'"{column}" as "{field}"' for field, column in plain.items())
    return LinkQuery({table: tuple(plain.values())}, f'select {chosen} from "{table}" order by 1')


DATAVERSE = {
    "accounts": _dataverse("accounts", "account"),
    "contacts": _dataverse("contacts", "contact"),
    "cdm_companies": _dataverse("cdm_companies", "cdm_company"),
    "transactioncurrencies": _dataverse("transactioncurrencies", "transactioncurrency"),
}
QUERIES: Mapping[str, Mapping[str, LinkQuery]] = {
    "d365_fo": FINANCE_AND_OPERATIONS,
    "dataverse": DATAVERSE,
}
