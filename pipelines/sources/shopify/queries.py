"""The GraphQL documents of the Shopify source, built for one API version.

A line `@2026-07 field` is requested from that version on. No deprecated field is used.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime

from pipelines.sources.base import iso_text

VERSIONS = ("2025-10", "2026-01", "2026-04", "2026-07", "2026-10")
DEFAULT_VERSION = "2026-07"
VERSION = re.compile(r"^\d{4}-(01|04|07|10)$")
SINCE_MARK = re.compile(r"@(\d{4}-\d{2}) ([^\n]+)")
BULK_BY_ID_FROM = "2026-01"

MONEY = "{ shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }"
ADDRESS = """{
    name firstName lastName company address1 address2 city province provinceCode zip country
    countryCodeV2 phone
}"""
COMPANY_ADDRESS = """{
    recipient firstName lastName companyName address1 address2 city province zoneCode zip country
    countryCode phone
}"""
BUYER = "{ id legacyResourceId displayName tags state defaultEmailAddress { emailAddress } }"
PURCHASING_ENTITY = """{
    __typename
    ... on PurchasingCompany {
        company { id name externalId }
        location { id name externalId }
        contact { id customer { id } }
    }
}"""
ORDER = f"""
    id legacyResourceId name number createdAt processedAt updatedAt cancelledAt closedAt
    cancelReason test confirmed sourceName poNumber tags email phone taxesIncluded taxExempt
    currencyCode presentmentCurrencyCode displayFinancialStatus displayFulfillmentStatus
    customAttributes {{ key value }}
    customer {BUYER}
    shippingAddress {ADDRESS}
    billingAddress {ADDRESS}
    purchasingEntity {PURCHASING_ENTITY}
    merchantBusinessEntity {{
        id displayName companyName primary
        @2026-07 legalEntityId
    }}
    currentTotalPriceSet {MONEY}
    totalPriceSet {MONEY}
    originalTotalPriceSet {MONEY}
    currentTotalTaxSet {MONEY}
    totalTaxSet {MONEY}
"""
CUSTOMER = f"""
    id legacyResourceId createdAt updatedAt displayName firstName lastName state tags taxExempt
    defaultEmailAddress {{ emailAddress }}
    defaultAddress {ADDRESS}
    @2026-07 taxSettings {{ taxId }}
"""
COMPANY_LOCATION = f"""
    id name externalId createdAt updatedAt
    company {{ id name externalId }}
    taxSettings {{ taxRegistrationId taxExempt }}
    shippingAddress {COMPANY_ADDRESS}
    billingAddress {COMPANY_ADDRESS}
"""
DRAFT_ORDER = f"""
    id name createdAt updatedAt completedAt status email
    customer {{ id legacyResourceId }}
    order {{ id name }}
    purchasingEntity {PURCHASING_ENTITY}
    totalPriceSet {MONEY}
"""


@dataclass(frozen=True)
class Listing:
    """One collection: its connection, fields and the access scope it needs."""

    resource: str
    connection: str
    fields: str
    scope: str


LISTINGS = (
    Listing("orders", "orders", ORDER, "read_orders"),
    Listing("customers", "customers", CUSTOMER, "read_customers"),
    Listing("company_locations", "companyLocations", COMPANY_LOCATION, "read_companies"),
    Listing("draft_orders", "draftOrders", DRAFT_ORDER, "read_draft_orders"),
)
ACCESS_QUERY = "query Access { currentAppInstallation { accessScopes { handle } } }"
BULK_START = """mutation Start($query: String!) {
    bulkOperationRunQuery(query: $query, groupObjects: false) {
        bulkOperation { id status }
        userErrors { code field message }
    }
}"""
BULK_STATE = "id status errorCode objectCount url"
BULK_BY_ID = f"query Poll($id: ID!) {{ bulkOperation(id: $id) {{ {BULK_STATE} }} }}"
BULK_CURRENT = f"query Poll {{ currentBulkOperation {{ {BULK_STATE} }} }}"


def page_query(listing: Listing, version: str) -> str:
    """A page of a collection, oldest change first; variables first, after, query."""
    return f"""query Page($first: Int!, $after: String, $query: String) {{
    {listing.connection}(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {{
        pageInfo {{ hasNextPage endCursor }}
        nodes {{ {fields_for(listing.fields, version)} }}
    }}
}}"""


def bulk_query(listing: Listing, version: str, since: datetime | None) -> str:
    """The query that a bulk operation runs over a whole collection."""
    search = f"(query: {json.dumps(changed_since(since))})" if since else ""
    fields = fields_for(listing.fields, version)
    return f"{{ {listing.connection}{search} {{ edges {{ node {{ {fields} }} }} }} }}"


def bulk_poll_query(version: str) -> str:
    """The query for the state of a bulk operation; before 2026-01 only of the current one."""
    return BULK_BY_ID if version >= BULK_BY_ID_FROM else BULK_CURRENT


def changed_since(moment: datetime | None) -> str | None:
    """The search term. Without the quotes the time of day would be ignored."""
    return f"updated_at:>='{iso_text(moment)}'" if moment else None


def fields_for(fields: str, version: str) -> str:
    """The field list without fields that `version` does not have."""
    return SINCE_MARK.sub(lambda mark: mark[2] if version >= mark[1] else "", fields)
