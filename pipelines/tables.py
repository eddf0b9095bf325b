"""The declared columns of every raw table: `raw_<source>.<resource>`.

One `Resource` per table. `columns` holds the API's top-level field names; the raw column is the
snake_case of it. Scalars arrive as text as they stand on the wire (no digit of a number is lost),
`:json` marks objects and arrays, which are one JSON column. Fields that are not named here are
dropped, except in `record`, which is the whole object as received.

Beside these, every raw table has `instance`, `_source_file`, `_record_number`, `_dlt_load_id`;
tables with an `order_time` have `_ordered_at`, tables with a `version` have `_version_at`
(both TIMESTAMP in UTC, NULL where the text is no time).

`needs` are the few fields that decide: without one of them the cards that read the table mean
nothing, so a file in which no record has it is refused (pipelines/judge.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Mode = Literal["merge", "whole"]
Kind = Literal["text", "json"]
Origin = Literal["extracts", "api"]


@dataclass(frozen=True)
class Column:
    """One declared field: `field` is the API's spelling, `name` the raw column."""

    field: str
    name: str
    kind: Kind


@dataclass(frozen=True)
class Need:
    """A field that decides.

    `paths` are alternatives, a field or `field.inner.inner`: one of them is enough. `meaning` says
    what it holds. `may_be_blank`: blank is an answer too (not blocked, an e-mail that the shop
    withholds), so the field only has to occur. A blank of any other is listed as rejected, unless
    `is_listed_later` (int_codes_rejected does it).
    """

    paths: tuple[str, ...]
    meaning: str
    may_be_blank: bool = False
    is_listed_later: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path.partition(".")[0] for path in self.paths))


@dataclass(frozen=True)
class Resource:
    """One raw table.

    mode `merge`: by (instance, key), the newest `version` wins, else the later load, file or line.
    mode `whole`: the files of one instance together are its table.
    `is_document`: an extract of it is whole, and may rightly be empty; an API answer has `mode`.
    `version` and `order_time` are field names (API spelling) that hold a time; a record without
    its order time is rejected.
    """

    source: str
    name: str
    mode: Mode
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    version: str | None = None
    order_time: str | None = None
    has_record: bool = False
    is_document: bool = False
    needs: tuple[Need, ...] = ()

    def mode_of(self, origin: Origin) -> Mode:
        """How a load of this origin fills the table."""
        return "whole" if self.is_document and origin == "extracts" else self.mode

    @property
    def schema(self) -> str:
        return f"raw_{self.source}"

    @property
    def key_columns(self) -> tuple[str, ...]:
        return tuple(snake_case(field) for field in self.key)

    @property
    def helper_columns(self) -> tuple[tuple[str, str], ...]:
        """(name, SQL type) of the columns that the loader adds, without `_dlt_load_id`."""
        times = [
            name
            for name, field in (("_ordered_at", self.order_time), ("_version_at", self.version))
            if field
        ]
        return (
            ("instance", "VARCHAR"),
            ("_source_file", "VARCHAR"),
            ("_record_number", "BIGINT"),
            *((name, "TIMESTAMP") for name in times),
        )

    @property
    def sql_columns(self) -> tuple[tuple[str, str], ...]:
        """(name, SQL type) of every column of the raw table, in order."""
        declared = [(c.name, "JSON" if c.kind == "json" else "VARCHAR") for c in self.columns]
        record = [("record", "JSON")] if self.has_record else []
        return (*declared, *record, *self.helper_columns, ("_dlt_load_id", "VARCHAR"))


def snake_case(field: str) -> str:
    """The raw column of an API field: createdAt → created_at, ISOCode → iso_code."""
    broken = re.sub(r"([^_])([A-Z][a-z]+)", r"\1_\2", field)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", broken).lower()


def fields(names: str) -> tuple[Column, ...]:
    """Columns from a list of field names; `name:json` is an object or array."""
    columns = []
    for word in names.split():
        field, _, kind = word.partition(":")
        columns.append(Column(field, snake_case(field), "json" if kind == "json" else "text"))
    return tuple(columns)


def need(paths: str, meaning: str, **how: bool) -> Need:
    """A need from alternatives that are separated by blanks."""
    return Need(tuple(paths.split()), meaning, **how)


SHOPIFY = (
    Resource(
        source="shopify",
        name="orders",
        mode="merge",
        key=("id",),
        version="updatedAt",
        order_time="createdAt",
        columns=fields("""
            id legacyResourceId name number createdAt processedAt updatedAt cancelledAt closedAt
            cancelReason test confirmed sourceName poNumber tags:json email phone taxesIncluded
            taxExempt currencyCode presentmentCurrencyCode displayFinancialStatus
            displayFulfillmentStatus customAttributes:json customer:json shippingAddress:json
            billingAddress:json purchasingEntity:json merchantBusinessEntity:json
            currentTotalPriceSet:json totalPriceSet:json originalTotalPriceSet:json
            currentTotalTaxSet:json totalTaxSet:json
        """),
        needs=(
            need("createdAt", "when the order was placed"),
            need("displayFinancialStatus", "whether it is paid or refunded", may_be_blank=True),
            need(
                "currentTotalPriceSet.presentmentMoney.amount currentTotalPriceSet.shopMoney.amount"
                " totalPriceSet.presentmentMoney.amount totalPriceSet.shopMoney.amount",
                "the amount",
            ),
            need(
                "presentmentCurrencyCode currencyCode"
                " currentTotalPriceSet.presentmentMoney.currencyCode"
                " currentTotalPriceSet.shopMoney.currencyCode"
                " totalPriceSet.presentmentMoney.currencyCode"
                " totalPriceSet.shopMoney.currencyCode",
                "the currency",
                is_listed_later=True,
            ),
            need("customer email purchasingEntity", "who ordered", may_be_blank=True),
        ),
    ),
    Resource(
        source="shopify",
        name="customers",
        mode="merge",
        key=("id",),
        version="updatedAt",
        columns=fields("""
            id legacyResourceId createdAt updatedAt displayName firstName lastName state tags:json
            defaultEmailAddress:json email defaultAddress:json taxExempt taxSettings:json
        """),
    ),
    Resource(
        source="shopify",
        name="company_locations",
        mode="merge",
        key=("id",),
        version="updatedAt",
        columns=fields("""
            id name externalId createdAt updatedAt company:json taxSettings:json
            shippingAddress:json billingAddress:json
        """),
    ),
    Resource(
        source="shopify",
        name="draft_orders",
        mode="merge",
        key=("id",),
        version="updatedAt",
        columns=fields("""
            id name createdAt updatedAt completedAt status email customer:json order:json
            purchasingEntity:json totalPriceSet:json
        """),
    ),
)

BIGCOMMERCE = (
    Resource(
        source="bigcommerce",
        name="orders",
        mode="merge",
        key=("id",),
        version="date_modified",
        order_time="date_created",
        columns=fields("""
            id customer_id date_created date_modified date_shipped status_id status custom_status
            payment_status payment_method subtotal_ex_tax subtotal_inc_tax total_ex_tax
            total_inc_tax total_tax refunded_amount currency_code default_currency_code
            store_default_currency_code currency_exchange_rate
            store_default_to_transactional_exchange_rate is_deleted order_source channel_id
            external_source external_id external_order_id items_total billing_address:json
            consignments:json
        """),
        needs=(
            need("date_created", "when the order was placed"),
            need("status_id", "whether it counts"),
            need("total_inc_tax total_ex_tax", "the amount"),
            need("default_currency_code currency_code", "the currency", is_listed_later=True),
            need("customer_id billing_address", "who ordered", may_be_blank=True),
        ),
    ),
    Resource(
        source="bigcommerce",
        name="customers",
        mode="merge",
        key=("id",),
        version="date_modified",
        columns=fields("""
            id email first_name last_name company phone customer_group_id date_created
            date_modified attributes:json form_fields:json addresses:json origin_channel_id
        """),
    ),
    Resource(
        source="bigcommerce",
        name="companies",
        mode="merge",
        key=("companyId",),
        version="updatedAt",
        columns=fields("""
            companyId companyName companyEmail companyPhone companyStatus bcGroupId bcGroupName
            parentCompany:json extraFields:json uuid createdAt updatedAt
        """),
    ),
    Resource(
        source="bigcommerce",
        name="b2b_orders",
        mode="merge",
        key=("bcOrderId",),
        version="updatedAt",
        columns=fields("""
            id bcOrderId companyId poNumber totalIncTax currencyCode statusCode isArchived
            extraFields:json createdAt updatedAt
        """),
        needs=(need("companyId", "which company ordered", may_be_blank=True),),
    ),
    Resource(
        source="bigcommerce",
        name="quotes",
        mode="merge",
        key=("quoteId",),
        version="updatedAt",
        columns=fields("""
            quoteId quoteNumber referenceNumber companyId companyInfo:json contactInfo:json status
            grandTotal totalAmount currency:json createdAt updatedAt expiredAt bcOrderId
        """),
    ),
)

ADOBE_COMMERCE = (
    Resource(
        source="adobe_commerce",
        name="orders",
        mode="merge",
        key=("entity_id",),
        version="updated_at",
        order_time="created_at",
        columns=fields("""
            entity_id increment_id state status created_at updated_at store_id store_name
            customer_is_guest customer_id customer_email customer_firstname customer_lastname
            customer_group_id customer_taxvat ext_order_id ext_customer_id order_currency_code
            base_currency_code base_to_order_rate grand_total base_grand_total tax_amount
            total_refunded tax_refunded total_canceled total_paid total_due is_virtual
            original_increment_id edit_increment billing_address:json payment:json
            extension_attributes:json
        """),
        needs=(
            need("created_at", "when the order was placed"),
            need("state", "whether it counts"),
            need("grand_total", "the amount"),
            need("order_currency_code", "the currency", is_listed_later=True),
            need("customer_id customer_email", "who ordered", may_be_blank=True),
        ),
    ),
    Resource(
        source="adobe_commerce",
        name="customers",
        mode="merge",
        key=("id",),
        version="updated_at",
        columns=fields("""
            id group_id email firstname lastname taxvat created_at updated_at store_id website_id
            addresses:json extension_attributes:json custom_attributes:json
        """),
    ),
    Resource(
        source="adobe_commerce",
        name="companies",
        mode="merge",
        key=("id",),
        columns=fields("""
            id status company_name legal_name company_email vat_tax_id reseller_id country_id
            postcode city street:json super_user_id customer_group_id extension_attributes:json
            custom_attributes:json
        """),
    ),
    Resource(
        source="adobe_commerce",
        name="negotiable_quotes",
        mode="merge",
        key=("id",),
        version="updated_at",
        columns=fields("""
            id created_at updated_at is_active customer:json extension_attributes:json
            currency:json grand_total
        """),
    ),
)

D365_FO = (
    Resource(
        source="d365_fo",
        name="customers",
        mode="whole",
        key=("dataAreaId", "CustomerAccount"),
        has_record=True,
        columns=fields("""
            dataAreaId CustomerAccount PartyType PartyNumber OrganizationName PersonFirstName
            PersonLastName NameAlias CustomerGroupId SalesCurrencyCode PrimaryContactEmail
            PrimaryContactPhone TaxExemptNumber TaxRegistrationId IdentificationNumber
            OrganizationNumber FiscalCode OnHoldStatus IsOneTimeCustomer InvoiceAccount
            AddressCountryRegionId AddressCountryRegionISOCode AddressZipCode AddressCity
            AddressStreet
        """),
        needs=(need("OnHoldStatus", "whether the customer is on hold", may_be_blank=True),),
    ),
    Resource(
        source="d365_fo",
        name="customer_electronic_addresses",
        mode="whole",
        key=("dataAreaId", "CustomerAccount", "ElectronicAddressId"),
        columns=fields("""
            dataAreaId CustomerAccount ElectronicAddressId Locator Type IsPrimary Purpose
        """),
        needs=(need("Locator", "the address"),),
    ),
    Resource(
        source="d365_fo",
        name="sales_orders",
        mode="merge",
        key=("dataAreaId", "SalesOrderNumber"),
        is_document=True,
        columns=fields("""
            dataAreaId SalesOrderNumber SalesOrderStatus SalesOrderProcessingStatus
            OrderingCustomerAccountNumber InvoiceCustomerAccountNumber CurrencyCode
            CustomersOrderReference CustomerRequisitionNumber SalesOrderOriginCode
            OrderCreationDateTime QuotationNumber OrderTotalAmount OrderTotalTaxAmount
            AreTotalsCalculated DeliveryAddressCountryRegionISOCode TaxExemptNumber Email
        """),
        needs=(need("SalesOrderStatus", "whether the order is open, invoiced or cancelled"),),
    ),
    Resource(
        source="d365_fo",
        name="free_text_invoices",
        mode="merge",
        key=("dataAreaId", "InvoiceIdentifier"),
        is_document=True,
        columns=fields("""
            dataAreaId InvoiceIdentifier FreeTextNumber CustomerAccount InvoiceAccount InvoiceDate
            DocumentDate DueDate CurrencyCode ExchangeRate CustomerReference CustomerRequisition
            ExternalInvoiceId IsPosted IsCorrection IsOneTimeCustomer InclTax
        """),
        needs=(need("IsPosted", "whether the invoice is posted"),),
    ),
    Resource(
        source="d365_fo",
        name="exchange_rates",
        mode="merge",
        key=("RateTypeName", "FromCurrency", "ToCurrency", "StartDate"),
        is_document=True,
        columns=fields("""
            RateTypeName FromCurrency ToCurrency StartDate EndDate Rate ConversionFactor
        """),
        needs=(need("Rate", "the rate"),),
    ),
    Resource(
        source="d365_fo",
        name="legal_entities",
        mode="whole",
        key=("LegalEntityId",),
        columns=fields("LegalEntityId Name AddressCountryRegionISOCode TimeZone"),
    ),
)

D365_BC = (
    Resource(
        source="d365_bc",
        name="companies",
        mode="whole",
        key=("id",),
        columns=fields("id name displayName"),
    ),
    Resource(
        source="d365_bc",
        name="customers",
        mode="whole",
        key=("id",),
        has_record=True,
        columns=fields("""
            id number displayName type addressLine1 addressLine2 city state country postalCode
            phoneNumber email taxRegistrationNumber currencyCode paymentTermsId blocked
            lastModifiedDateTime
        """),
        needs=(
            need("number", "the customer number"),
            need("blocked", "whether the customer is blocked", may_be_blank=True),
        ),
    ),
    # whole, because an open sales order vanishes from the API when it is posted
    Resource(
        source="d365_bc",
        name="sales_orders",
        mode="whole",
        key=("id",),
        is_document=True,
        columns=fields("""
            id number externalDocumentNumber orderDate postingDate customerId customerNumber
            customerName billToCustomerNumber shipToCountry currencyCode
            totalAmountExcludingTax totalTaxAmount totalAmountIncludingTax fullyShipped status
            lastModifiedDateTime email
        """),
        needs=(need("status", "whether the order is open", may_be_blank=True),),
    ),
    Resource(
        source="d365_bc",
        name="sales_invoices",
        mode="merge",
        key=("id",),
        is_document=True,
        version="lastModifiedDateTime",
        columns=fields("""
            id number externalDocumentNumber invoiceDate postingDate dueDate
            customerPurchaseOrderReference customerId customerNumber customerName
            billToCustomerNumber currencyCode orderId orderNumber totalAmountExcludingTax
            totalTaxAmount totalAmountIncludingTax remainingAmount status lastModifiedDateTime
        """),
        needs=(need("status", "whether the invoice is posted", may_be_blank=True),),
    ),
    Resource(
        source="d365_bc",
        name="currency_exchange_rates",
        mode="merge",
        key=("id",),
        is_document=True,
        version="lastModifiedDateTime",
        columns=fields("""
            id currencyCode startingDate exchangeRateAmount relationalCurrencyCode
            relationalExchangeRateAmount lastModifiedDateTime
        """),
        needs=(
            need("currencyCode", "the currency"),
            need("startingDate", "from when the rate holds"),
            need("exchangeRateAmount", "the rate"),
            need("relationalExchangeRateAmount", "the rate"),
        ),
    ),
)

DATAVERSE = (
    Resource(
        source="dataverse",
        name="accounts",
        mode="whole",
        key=("accountid",),
        has_record=True,
        columns=fields("""
            accountid name accountnumber emailaddress1 emailaddress2 emailaddress3 telephone1
            customertypecode statecode statuscode createdon modifiedon address1_country
            address1_postalcode _msdyn_company_value msdyn_taxexemptnumber
            msdyn_identificationnumber msdyn_onholdstatus msdyn_onetimecustomer
            _transactioncurrencyid_value _msdyn_partyid_value msdyn_partynumber
        """),
        needs=(
            need("statecode", "whether the account is active"),
            need("createdon", "when the account was created"),
        ),
    ),
    Resource(
        source="dataverse",
        name="contacts",
        mode="whole",
        key=("contactid",),
        has_record=True,
        columns=fields("""
            contactid fullname firstname lastname emailaddress1 emailaddress2 emailaddress3
            statecode statuscode msdyn_sellable msdyn_contactpersonid msdyn_identificationnumber
            _msdyn_company_value _parentcustomerid_value address1_country address1_postalcode
            createdon modifiedon
        """),
        needs=(
            need("statecode", "whether the contact is active"),
            need("createdon", "when the contact was created"),
        ),
    ),
    Resource(
        source="dataverse",
        name="cdm_companies",
        mode="whole",
        key=("cdm_companyid",),
        columns=fields("cdm_companyid cdm_companycode cdm_name"),
    ),
    Resource(
        source="dataverse",
        name="transactioncurrencies",
        mode="whole",
        key=("transactioncurrencyid",),
        columns=fields("""
            transactioncurrencyid isocurrencycode currencyname exchangerate currencyprecision
            statecode modifiedon
        """),
        needs=(
            need("isocurrencycode", "the currency"),
            need("exchangerate", "the rate"),
        ),
    ),
)

POWER_AUTOMATE = (
    Resource(
        source="power_automate",
        name="workflows",
        mode="whole",
        key=("workflowid",),
        columns=fields("""
            workflowid name category statecode statuscode createdon modifiedon
            suspensionreasondetails
        """),
        needs=(
            need("name", "which flow it is"),
            need("statecode", "whether the flow is on"),
        ),
    ),
    Resource(
        source="power_automate",
        name="flow_runs",
        mode="merge",
        key=("flowrunid",),
        version="modifiedon",
        columns=fields("""
            flowrunid name status starttime endtime duration errorcode errormessage triggertype
            _workflow_value workflowid isprimary parentrunid modifiedon
        """),
        needs=(
            need("status", "whether the run failed"),
            need("starttime", "when the run began"),
            need("_workflow_value workflowid", "the flow that ran"),
        ),
    ),
    Resource(
        source="power_automate",
        name="flow_events",
        mode="merge",
        key=("floweventid",),
        columns=fields("floweventid eventtype eventcode createdon name level context:json"),
    ),
)

RESOURCES: tuple[Resource, ...] = (
    *SHOPIFY,
    *BIGCOMMERCE,
    *ADOBE_COMMERCE,
    *D365_FO,
    *D365_BC,
    *DATAVERSE,
    *POWER_AUTOMATE,
)
SOURCES: tuple[str, ...] = tuple(dict.fromkeys(resource.source for resource in RESOURCES))
BY_NAME: dict[tuple[str, str], Resource] = {(r.source, r.name): r for r in RESOURCES}
