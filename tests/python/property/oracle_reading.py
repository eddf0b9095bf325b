"""The naive reader of a folder of extract files: plain Python lists of dicts, one per API object.

The modules `oracle_*` are a second, independent implementation of the specification: dicts and loops,
no SQL, nothing imported from the models or the loader. They are deliberately slow.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]

# resources merged by key: the key fields and the field with the version
MERGED: dict[tuple[str, str], tuple[tuple[str, ...], str | None]] = {
    ("shopify", "orders"): (("id",), "updatedAt"),
    ("shopify", "customers"): (("id",), "updatedAt"),
    ("shopify", "company_locations"): (("id",), "updatedAt"),
    ("bigcommerce", "orders"): (("id",), "date_modified"),
    ("bigcommerce", "customers"): (("id",), "date_modified"),
    ("bigcommerce", "companies"): (("companyId",), "updatedAt"),
    ("bigcommerce", "b2b_orders"): (("bcOrderId",), "updatedAt"),
    ("adobe_commerce", "orders"): (("entity_id",), "updated_at"),
    ("adobe_commerce", "customers"): (("id",), "updated_at"),
    ("adobe_commerce", "companies"): (("id",), None),
    ("d365_fo", "sales_orders"): (("dataAreaId", "SalesOrderNumber"), None),
    ("d365_fo", "free_text_invoices"): (("dataAreaId", "InvoiceIdentifier"), None),
    ("d365_fo", "exchange_rates"): (
        ("RateTypeName", "FromCurrency", "ToCurrency", "StartDate"),
        None,
    ),
    ("d365_bc", "sales_invoices"): (("id",), "lastModifiedDateTime"),
    ("d365_bc", "currency_exchange_rates"): (("id",), "lastModifiedDateTime"),
    ("power_automate", "flow_runs"): (("flowrunid",), "modifiedon"),
}

# the time an order was placed: an order without one is rejected when it is loaded
ORDER_TIMES = {
    "shopify": ("createdAt", "id"),
    "bigcommerce": ("date_created", "id"),
    "adobe_commerce": ("created_at", "entity_id"),
}
# ids of a shop at the top of a record; those inside objects go through gid() and gid()
ID_FIELDS = {
    ("shopify", "orders"): ("id",),
    ("bigcommerce", "orders"): ("id", "customer_id"),
    ("adobe_commerce", "orders"): ("entity_id", "customer_id"),
}
NO_VALUE = {"null", "(null)", "nan", "none", "n/a", "#n/a", "<na>", "nat", "\\n", "-"}
NO_ID = NO_VALUE | {""}
# codes of shops that ISO has no more, or never had
BEYOND_ISO = {"AC", "AN", "TA", "XK"}
CURRENCIES_BEYOND_ISO = set("ANG BGN BYR HRK JEP KID LTL LVL SLL STD USDC VEF".split())
# field-map tables with a shipped default; any other missing table is empty
DELIVERED = ("match_keys", "order_statuses", "ignored_keys", "integration_flows")


class Fields(dict[str, Any]):
    """A record of D365 or Dataverse: its fields are found in any letters."""

    def __init__(self, record: Row) -> None:
        super().__init__({name.lower(): value for name, value in record.items()})

    def __getitem__(self, name: str) -> Any:
        return super().__getitem__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.lower(), default)


class Extracts:
    """All objects of a folder of extract files: `rows(source, resource)`, each with `_instance`."""

    def __init__(self, root: Path) -> None:
        self.tables: dict[tuple[str, str], list[Row]] = {}
        # (source, instance, resource) of every file, also of an empty one
        self.loaded: set[tuple[str, str, str]] = set()
        for file in sorted(root.glob("*/*/*.jsonl")):
            source, instance = file.parts[-3], file.parts[-2]
            resource = file.name.split(".")[0]
            self.loaded.add((source, instance, resource))
            file_at = datetime.fromtimestamp(file.stat().st_mtime, UTC).replace(tzinfo=None)
            rows = self.tables.setdefault((source, resource), [])
            for line in file.read_text(encoding="utf-8").splitlines():
                if line.strip():
                    row = json.loads(line, parse_float=Decimal)
                    row = {name: unwrapped(value) for name, value in row.items()}
                    given = {name: stated(value, name) for name, value in row.items()}
                    for name in ID_FIELDS.get((source, resource), ()):
                        given[name] = gid(given.get(name))
                    found = given | {"_instance": instance, "_record": row, "_file_at": file_at}
                    is_of_a_shop = source in ORDER_TIMES
                    rows.append(found if is_of_a_shop else Fields(found | {"_record": Fields(row)}))
        # (source, instance, id) of every order that was rejected
        self.untimed: list[tuple[str, str, str]] = []
        for platform, (time, key) in ORDER_TIMES.items():
            orders = self.tables.get((platform, "orders"), [])
            untimed = [row for row in orders if instant(row.get(time)) is None]
            self.untimed += [(platform, row["_instance"], str(gid(row[key]))) for row in untimed]
            orders[:] = [row for row in orders if instant(row.get(time)) is not None]
        for name in self.tables:
            self.tables[name] = newest(self.tables[name], *MERGED.get(name, ((), None)))

    def rows(self, source: str, resource: str) -> list[Row]:
        """The objects of one resource, of all instances."""
        return self.tables.get((source, resource), [])

    def has(self, source: str, resource: str, instance: str | None = None) -> bool:
        """Whether a resource was delivered, for this instance or any; an empty file counts."""
        return any(
            (source, resource) == (one[0], one[2])
            and (instance is None or instance.lower() == one[1].lower())
            for one in self.loaded
        )


def newest(rows: list[Row], key: tuple[str, ...], version: str | None) -> list[Row]:
    """One row per instance and key: the newest version, on ties the last in the files."""
    if not key:
        return rows
    kept: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        name = (row["_instance"], *(lower(row.get(field)) for field in key))
        other = kept.get(name)
        if other is None or version is None or _is_later(row, other, version):
            kept[name] = row
    return list(kept.values())


def _is_later(row: Row, other: Row, field: str) -> bool:
    """Whether a row replaces one before it: also where one of the times cannot be read."""
    mine, its = instant(row.get(field)), instant(other.get(field))
    return mine is None or its is None or mine >= its


def unwrapped(value: object) -> Any:
    """A value; an object or a list that was sent as its JSON text is that object or list."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value, parse_float=Decimal)
        except ValueError:
            return value
    return value


def read_seed(path: Path) -> list[dict[str, str | None]]:
    """The rows of a CSV of the field map; an empty cell is None."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {name: (cell.strip() or None) if cell else None for name, cell in row.items()}
            for row in csv.DictReader(file)
        ]


class FieldMap:
    """The tables of a field map folder, and the reference tables of the project."""

    def __init__(self, folder: Path, seeds: Path) -> None:
        for name in (
            "legal_entities",
            "match_keys",
            "ship_to_countries",
            "platform_tags",
            "customer_overrides",
            "stores",
            "order_statuses",
            "ignored_keys",
            "default_customers",
            "integration_flows",
        ):
            path = folder / f"field_map_{name}.csv"
            if not path.exists() and name in DELIVERED:
                path = seeds / "field_map" / path.name
            setattr(self, name, read_seed(path))
        self.placeholder_keys = read_seed(seeds / "reference" / "placeholder_keys.csv")
        self.actions = read_seed(seeds / "cards" / "onboarding_actions.csv")
        self.registry = read_seed(seeds / "cards" / "card_registry.csv")
        self.methods = read_seed(seeds / "cards" / "order_reference_methods.csv")
        self.iso_currencies = {
            row["currency_code"] for row in read_seed(seeds / "reference" / "iso_currencies.csv")
        } | CURRENCIES_BEYOND_ISO
        self.iso_countries: set[str] = set(BEYOND_ISO)
        self.country_of_text: dict[str, str] = {code: code for code in BEYOND_ISO}
        for row in read_seed(seeds / "reference" / "iso_countries.csv"):
            code = str(row["country_code"])
            self.iso_countries.add(code)
            for spelling in (code, row["country_code_3"], row["country_name"]):
                if spelling:
                    self._spell(spelling, code)
        for row in read_seed(seeds / "reference" / "country_aliases.csv"):
            self._spell(str(row["country_alias"]), str(row["country_code"]))

    legal_entities: list[dict[str, str | None]]
    match_keys: list[dict[str, str | None]]
    ship_to_countries: list[dict[str, str | None]]
    platform_tags: list[dict[str, str | None]]
    customer_overrides: list[dict[str, str | None]]
    stores: list[dict[str, str | None]]
    order_statuses: list[dict[str, str | None]]
    ignored_keys: list[dict[str, str | None]]
    default_customers: list[dict[str, str | None]]
    integration_flows: list[dict[str, str | None]]

    def _spell(self, spelling: str, code: str) -> None:
        name = spelling.strip().upper()
        self.country_of_text[name] = min(code, self.country_of_text.get(name, code))

    def country(self, spelling: object) -> str | None:
        """The ISO-2 code of a country in any spelling; None if unknown."""
        name = blank(spelling)
        return self.country_of_text.get(name.upper()) if name else None

    def master_country(self, spelling: object, erp: str, code: str) -> str | None:
        """The country of a D365 record; where it has none, that of its company."""
        if blank(spelling):
            return self.country(spelling)
        entity = self.entity_of(erp, code)
        rows = [row for row in self.legal_entities if row["legal_entity_id"] == entity]
        return (rows[0].get("country_code") or "").upper() or None if rows else None

    def store(self, platform: str, instance: str) -> dict[str, str | None]:
        """The row of a store; {} if it is not in the field map."""
        for row in self.stores:
            if row["platform"] == platform and lower(row["instance"]) == instance.lower():
                return row
        return {}

    def master_of(self, entity_id: str) -> str:
        """The legal entity whose customer master an entity uses: its own, or one that it shares."""
        for row in self.legal_entities:
            if row["legal_entity_id"] == entity_id:
                return row.get("customer_master_legal_entity_id") or entity_id
        return entity_id

    def with_masters(self, entities: Iterable[str]) -> set[str]:
        """Legal entities and those whose customer masters they share."""
        return {one for entity in entities for one in (entity, self.master_of(entity))}

    def entity_of(self, erp: str, code: str) -> str | None:
        """The legal entity with this ERP code; None if it is not in the field map."""
        for row in self.legal_entities:
            if lower(row["erp"]) == erp and lower(row["erp_code"]) == code.strip().lower():
                return row["legal_entity_id"]
        return None


class Settings:
    """The business settings of a run and what follows from its as-of."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.reporting_currency = str(given.get("reporting_currency", "USD"))
        self.zone = ZoneInfo(str(given.get("reporting_timezone", "America/New_York")))
        self.basis = str(given.get("order_value_basis", "net"))
        self.awaiting = timedelta(minutes=int(given.get("awaiting_sync_minutes", 15)))
        self.max_subjects = int(given.get("max_subjects_per_key", 25))
        self.min_tax_length = int(given.get("min_tax_id_length", 5))
        self.gmail = bool(given.get("email_gmail_equivalence", False))
        self.max_age = timedelta(hours=int(given.get("max_master_age_hours", 36)))
        self.rate_type = str(given.get("exchange_rate_type", "Default"))
        self.flow_hours = timedelta(hours=int(given.get("flow_failure_hours", 24)))
        self.default_rule = (
            "external_document_number|customer_reference|requisition|external_invoice_id"
        )
        as_of = str(given["as_of"])
        if len(as_of) == 10:
            self.as_of_date = date.fromisoformat(as_of)
            self.as_of_at = self.midnight(self.as_of_date + timedelta(days=1))
        else:
            moment = datetime.fromisoformat(as_of)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=self.zone)
            self.as_of_at = moment.astimezone(UTC).replace(tzinfo=None)
            self.as_of_date = self.local_date(self.as_of_at)

    def midnight(self, day: date) -> datetime:
        """The UTC instant (naive) at which a date begins in the reporting time zone."""
        local = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return local.astimezone(UTC).replace(tzinfo=None)

    def local_date(self, moment: datetime) -> date:
        """The calendar date of a UTC instant in the reporting time zone."""
        return moment.replace(tzinfo=UTC).astimezone(self.zone).date()

    def window_start(self, days: int) -> datetime:
        """00:00 of the first date of a window that ends with the as-of date."""
        return self.midnight(self.as_of_date - timedelta(days=days - 1))


def text(value: object) -> str | None:
    """A scalar as sent."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def stated(value: object, field: str) -> Any:
    """The value; None for a text that says that there is none. None is a status of D365."""
    written = value.strip().lower() if isinstance(value, str) else ""
    if written in NO_VALUE and not (
        written == "none" and field.lower() in ("salesorderstatus", "status")
    ):
        return None
    return None if isinstance(value, Decimal) and value.is_nan() else value


def blank(value: object) -> str | None:
    """Trimmed text; None if empty."""
    written = text(value)
    return (written.strip() or None) if written is not None else None


def lower(value: object) -> str:
    """Text for comparisons that ignore case; "" for None."""
    return (blank(value) or "").lower()


def amount(value: object) -> Decimal | None:
    """A decimal with 4 places; None if the text is not a number."""
    written = blank(value)
    if written is None:
        return None
    try:
        return quantized(Decimal(written), 4)
    except InvalidOperation:
        return None


def quantized(value: Decimal, places: int) -> Decimal:
    """Rounded half up (away from zero) to `places`."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def truth(value: object) -> bool | None:
    """true/false, 1/0, Yes/No; anything else is None."""
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    return words.get(enum(value))


def enum(value: object) -> str:
    """An enum value in one spelling: lower case, no blanks (`_x0020_`), no fraction of an integer."""
    written = re.sub("_x0020_|[ _-]", "", lower(value))
    return re.sub(r"[.]0+$", "", written)


def guid(value: object) -> str | None:
    """A GUID in lower case; None for the one of zeros."""
    written = lower(value)
    return None if not written.strip("0-") else written


def instant(value: object) -> datetime | None:
    """A UTC instant (naive) from ISO 8601, RFC 2822 or Unix seconds; None if it is not a time."""
    written = blank(value)
    if written is None:
        return None
    if written.isdigit() and len(written) > 8:
        seconds = int(written) / (1000 if len(written) > 11 else 1)
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    try:
        moment = datetime.fromisoformat(re.sub(r"\[.*\]$| (?=\+)", "", written.upper()))
    except ValueError:
        try:
            moment = parsedate_to_datetime(written)
        except (ValueError, TypeError):
            return None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def day(value: object) -> date | None:
    """A calendar date; the empty dates of D365 are None."""
    written = (blank(value) or "")[:10]
    if written in ("", "1900-01-01", "0001-01-01"):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def at(row: object, *path: str) -> Any:
    """The value at a path of nested objects; None when some part is missing."""
    for name in path:
        if not isinstance(row, dict):
            return None
        row = row.get(name)
    return row


def gid(value: object) -> str | None:
    """An id in one spelling: the number of gid://shopify/Order/123, 811 for 811.0; None for what
    names no one."""
    written = re.sub(r"[.]0+$", "", re.sub(r"\s", "", blank(value) or "").rsplit("/", 1)[-1])
    is_word = len(written) > 3 and written.replace("_", "a").isalpha()
    return None if is_word or written.lower() in NO_ID or not written.strip("0") else written


def number_of(value: object) -> str | None:
    """A code of a shop: its number, also where a data frame made it a double."""
    return re.sub(r"(?<=[0-9])[.]0+$", "", blank(value) or "") or None


def first(*values: object) -> str | None:
    """The first text that is not empty."""
    for value in values:
        if blank(value):
            return blank(value)
    return None


def pairs(rows: object, name: str, value: str) -> Iterator[tuple[str, str]]:
    """(name, value) of a list of attribute objects, without the empty ones."""
    for row in rows if isinstance(rows, list) else []:
        if blank(at(row, name)) and blank(at(row, value)):
            yield str(text(at(row, name))), str(blank(at(row, value)))
