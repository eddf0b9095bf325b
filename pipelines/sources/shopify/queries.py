"""The GraphQL documents of the Shopify source, from `queries/`, built for one API version.

No deprecated field is used.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.sources.base import iso_text

VERSIONS = ("2025-10", "2026-01", "2026-04", "2026-07", "2026-10")
DEFAULT_VERSION = "2026-07"
VERSION = re.compile(r"^\d{4}-(01|04|07|10)$")
TEMPLATES = Environment(
    loader=PackageLoader("pipelines.sources.shopify", "queries"), undefined=StrictUndefined
)


@dataclass(frozen=True)
class Listing:
    """One collection: its connection and the access scope it needs; its fields are a file."""

    resource: str
    connection: str
    scope: str


LISTINGS = (
    Listing("orders", "orders", "read_orders"),
    Listing("customers", "customers", "read_customers"),
    Listing("company_locations", "companyLocations", "read_companies"),
    Listing("draft_orders", "draftOrders", "read_draft_orders"),
)


def document(name: str, **values: str) -> str:
    """A document, or a part of one, of `queries/`."""
    return TEMPLATES.get_template(f"{name}.graphql").render(values)


def page_query(listing: Listing, version: str) -> str:
    """A page of a collection, oldest change first; variables first, after, query."""
    fields = fields_for(listing, version)
    return document("page", connection=listing.connection, fields=fields)


def bulk_query(listing: Listing, version: str, since: datetime | None) -> str:
    search = f"(query: {json.dumps(changed_since(since))})" if since else ""
    fields = fields_for(listing, version)
    return document("bulk", connection=listing.connection, search=search, fields=fields)


def changed_since(moment: datetime | None) -> str | None:
    """The search term. Without the quotes the time of day would be ignored."""
    return f"updated_at:>='{iso_text(moment)}'" if moment else None


def fields_for(listing: Listing, version: str) -> str:
    """The field list without fields that `version` does not have."""
    return f"\n{document(listing.resource, version=version)}\n"
