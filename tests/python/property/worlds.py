"""hypothesis strategies for small worlds: settings, field map, parties; and their files."""

from __future__ import annotations

import csv
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import world_shapes as shapes
from hypothesis import strategies as st
from oracle_reading import Settings, read_seed
from world_kinds import DELETED, OLD_MASTERS, OTHER_LETTERS, other_letters, split_masters, vary
from world_parties import Context, Files, make_party
from world_shapes import Row

SEED_FOLDER = Path(__file__).resolve().parents[3] / "seeds" / "field_map"
Table = list[dict[str, Any]]


@dataclass
class World:
    """Settings, the tables of the field map, and the objects of every party."""

    given: dict[str, Any]
    field_map: dict[str, Table]
    common: Files
    parties: list[Files] = field(default_factory=list)
    # the files that were delivered days ago
    old: set[tuple[str, str, str]] = field(default_factory=set)

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write the extract files, those of an earlier load beside them if there was one, and the
        field map; returns the folders of the extracts and of the field map."""
        extracts, field_map = folder / "extracts", folder / "field_map"
        for name, rows in self.field_map.items():
            field_map.mkdir(parents=True, exist_ok=True)
            columns = read_header(SEED_FOLDER / f"field_map_{name}.csv")
            with (field_map / f"field_map_{name}.csv").open("w", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        for files in (self.common, *self.parties):
            for (source, instance, resource), rows in files.items():
                is_earlier = resource.endswith(DELETED)
                name = f"{resource.removesuffix(DELETED)}.jsonl"
                path = (folder / "earlier" if is_earlier else extracts) / source / instance / name
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("a", encoding="utf-8") as file:
                    for row in rows:
                        file.write(json.dumps(row, ensure_ascii=False) + "\n")
                if (source, instance, resource) in self.old:
                    moment = datetime.now(UTC).timestamp() - 5 * 86400
                    os.utime(path, (moment, moment))
        (folder / "settings.json").write_text(json.dumps(self.given, indent=1) + "\n")
        return extracts, field_map

    def without(self, parties: set[int]) -> World:
        """The same world without some parties."""
        kept = [files for place, files in enumerate(self.parties) if place not in parties]
        return World(self.given, self.field_map, self.common, kept, self.old)


def read_header(path: Path) -> list[str]:
    """The column names of a CSV."""
    return path.read_text(encoding="utf-8").splitlines()[0].split(",")


def choose(*values: Any) -> st.SearchStrategy[Any]:
    """One of the values."""
    return st.sampled_from(values)


FO_DOCUMENTS = ("sales_orders", "free_text_invoices")
BC_DOCUMENTS = ("sales_orders", "sales_invoices")
AS_OFS = (
    ("2026-04-12", "America/New_York"),
    ("2026-03-10", "America/New_York"),
    ("2026-11-03", "America/New_York"),
    ("2026-03-31", "Europe/Berlin"),
    ("2026-10-27", "Europe/Berlin"),
    ("2026-04-12T15:30:00Z", "America/New_York"),
    ("2026-04-12", "Asia/Kolkata"),
    ("2026-04-12", "UTC"),
)
ENTITIES = (
    ("ustr", "US Trade Inc", "fo", "ustr", "USD", "US"),
    ("catr", "CA Trade ULC", "FO", "CATR", "CAD", "CA"),
    ("uktr", "UK Trade Ltd", "bc", "uk-co", "GBP", "GB"),
    ("detr", "DE Handel GmbH", "BC", "DE-Handel", "EUR", "DE"),
    ("frtr", "FR Commerce SAS", "fo", "frtr", "EUR", "FR"),
)
STORES = {
    "shopify": ("dtc-us", "plus-b2b", "popup", "unlisted"),
    "bigcommerce": ("bc-main", "bc-two"),
    "adobe_commerce": ("main", "eu"),
}


@st.composite
def settings(draw: st.DrawFn) -> dict[str, Any]:
    """The vars of a run."""
    as_of, zone = draw(choose(*AS_OFS))
    return {
        "as_of": as_of,
        "reporting_timezone": zone,
        "reporting_currency": draw(choose("USD", "USD", "EUR", "CAD")),
        "order_value_basis": draw(choose("net", "net", "gross")),
        "max_subjects_per_key": draw(choose(25, 25, 2, 3)),
        "min_tax_id_length": draw(choose(5, 5, 9)),
        "email_gmail_equivalence": draw(choose(False, False, True)),
        "max_master_age_hours": 1000000,
    }


@st.composite
def match_keys(draw: st.DrawFn) -> Table:
    """The shipped match keys and a few more, each active or not, some only for one platform."""
    rows: Table = [dict(row) for row in read_seed(SEED_FOLDER / "field_map_match_keys.csv")]
    rows += [
        _match_key("headline_email_all", "headline", "email", "account.email", "fo",
                   "PrimaryContactEmail", 5),
        _match_key("headline_taxvat_bc", "headline", "tax_id", "company.tax_id", "bc",
                   "taxRegistrationNumber", 8),
        _match_key("headline_order_external", "headline", "external_id", "order.external_id", "*",
                   "number", 40),
    ]  # fmt: skip
    mostly_on = draw(choose(True, True, False))
    for row in rows:
        is_on = draw(choose(True, True, True, False)) if mostly_on else draw(st.booleans())
        row["is_active"] = str(is_on).lower()
        if draw(choose(*([False] * 9), True)):
            row["platform"] = draw(choose("shopify", "bigcommerce", "adobe_commerce"))
    if draw(choose(*([False] * 4), True)):
        wanted = draw(choose("email", "tax_id", "external_id", "twin"))
        for row in rows:
            if wanted in (row["key_type"], row["scope"]):
                row["is_active"] = "false"
    return rows


def _match_key(*values: Any) -> dict[str, Any]:
    names = ("match_key_id", "scope", "key_type", "source_field", "d365_system", "d365_field",
             "precedence")  # fmt: skip
    return dict(zip(names, values, strict=True)) | {"platform": "*"}


@st.composite
def field_maps(draw: st.DrawFn) -> dict[str, Table]:
    """A random field map over the entities of this world."""
    # always two entities of one ERP; two of the last three share a currency
    chosen = draw(
        choose(ENTITIES, ENTITIES, ENTITIES[:2], ENTITIES[2:4], ENTITIES[:3], ENTITIES[:4])
    )
    names = ("legal_entity_id", "legal_entity_name", "erp", "erp_code",
             "functional_currency_code", "country_code")  # fmt: skip
    entities: Table = [
        dict(zip(names, row, strict=True))
        | {"time_zone": "America/New_York", "is_reporting_entity": str(place == 0).lower()}
        for place, row in enumerate(chosen)
    ]
    if entities[1]["erp"].lower() == "fo" and draw(choose(False, True)):
        entities[1]["customer_master_legal_entity_id"] = entities[0]["legal_entity_id"]
    ids = [row["legal_entity_id"] for row in entities]
    entity = st.sampled_from(ids)
    countries: Table = []
    for code in ("US", "CA", "GB", "DE", "MX", "BM"):
        for _ in range(draw(choose(0, 1, 1, 1, 1, 2))):
            row = {
                "country_code": code.lower() if draw(st.booleans()) else code,
                "platform": draw(choose("*", "*", "*", "shopify")),
                "legal_entity_id": draw(entity),
            }
            if row not in countries:
                countries.append(row)
    for code in ("XK", "an"):
        countries.append({"country_code": code, "platform": "*", "legal_entity_id": ids[-1]})
    tags: Table = [
        {"platform": platform, "instance": instance, "tag_type": kind, "tag_value": value,
         "legal_entity_id": draw(entity)}
        for platform, instance, kind, value in (
            ("shopify", "*", "order_tag", "fulfil-from-ca"),
            ("shopify", "DTC-US", "order_tag", "Fulfil-From-UK"),
            ("shopify", "*", "customer_tag", "Bill-To-CA"),
            ("*", "*", "channel", "4"),
            ("shopify", "plus-b2b", "channel", "pos"),
            ("bigcommerce", "*", "company_tag", "canada dealers"),
            ("shopify", "*", "merchant_business_entity", "CA Trade ULC"),
        )
        if draw(st.booleans()) or kind == "customer_tag"
    ]  # fmt: skip
    stores: Table = []
    rules = ("document_number|external_document_number|customer_reference|po_number",
             "customer_reference | requisition|external_invoice_id", "shopify_attribute|Po_Number",
             "")  # fmt: skip
    for platform, instances in STORES.items():
        for instance in instances:
            if instance == "unlisted":
                continue
            prefix = {
                "shopify": "SHP-",
                "bigcommerce": "BC-",
                "adobe_commerce": "ADC-",
            }[platform]
            stores.append(
                {
                    "platform": platform,
                    "instance": instance.upper() if draw(st.booleans()) else instance,
                    "store_name": instance,
                    "segment": draw(choose("b2b", "dtc", "", "B2B")),
                    "time_zone": "America/New_York",
                    "default_legal_entity_id": draw(st.one_of(st.just(""), entity)),
                    "order_reference_rule": draw(st.sampled_from(rules)),
                    "order_reference_prefix": draw(choose(prefix, prefix, "")),
                    "is_in_scope": "false" if instance == "popup" else "true",
                }
            )
    statuses = [dict(row) for row in read_seed(SEED_FOLDER / "field_map_order_statuses.csv")]
    for row in statuses:
        if row["is_policy"] == "true":
            row["order_state"] = draw(choose("active", "active", "cancelled", "incomplete"))
    defaults: Table = [
        {"legal_entity_id": draw(entity), "d365_customer_id": draw(choose("WALKIN", "walkin", "GONE")),
         "covers": covers, "covers_value": value}
        for covers, value in (("channel", "pos"), ("country", "mx"), ("store", "ADOBE_COMMERCE:main"),
                              ("store", "bc-two"), ("all", ""))
        if draw(choose(False, False, covers != "all"))
    ]  # fmt: skip
    return {
        "legal_entities": entities,
        "match_keys": draw(match_keys()),
        "ship_to_countries": countries,
        "platform_tags": tags,
        "customer_overrides": draw(overrides(ids)),
        "stores": stores,
        "order_statuses": statuses,
        "ignored_keys": [
            {"key_type": "email", "match_type": "local_part", "key_value": "noreply"},
            {"key_type": "email", "match_type": "domain", "key_value": "shop.test"},
            {"key_type": "tax_id", "match_type": "exact", "key_value": "US000398765"},
            {"key_type": "external_id", "match_type": "exact", "key_value": "c0005"},
        ],
        "default_customers": defaults,
        "integration_flows": [
            {"name_pattern": "Ecom - Create customer%", "purpose": "creates_customer"},
            {"name_pattern": "ecom - Sync order%", "purpose": "creates_order"},
            {"name_pattern": "Ecom - %", "purpose": "other"},
        ],
    }


@st.composite
def overrides(draw: st.DrawFn, ids: list[str]) -> Table:
    """Overrides of a few parties, valid always, since, until or between dates."""
    rows = []
    for place in range(0, 60, 3):
        if not draw(choose(False, True)):
            continue
        kind, value = draw(
            choose(
                ("email", f"ANA.{place}@p{place}.test"),
                ("email", f"c.d.{place}@gmail.com"),
                ("external_id", f"c{place:04d}"),
                ("tax_id", f"DE{place:04d}12345"),
                ("subject", f"shopify:dtc-us:account:{1000 + 100 * place}"),
            )
        )
        since, until = draw(
            choose(
                ("", ""),
                ("2026-04-08", ""),
                ("", "2026-04-07"),
                ("2026-03-01", "2026-04-09"),
            )
        )
        rows.append(
            {"key_type": kind, "key_value": value, "legal_entity_id": draw(st.sampled_from(ids)),
             "valid_from": since, "valid_to": until, "note": "test"}
        )  # fmt: skip
    return rows


@st.composite
def worlds(draw: st.DrawFn, parties: int = 40, kinds: frozenset[str] = frozenset()) -> World:
    """A world with up to this many parties, and these kinds of input (world_kinds)."""
    given = draw(settings())
    if OLD_MASTERS in kinds:  # the age of a file matters today only
        given |= {"as_of": shapes.iso(datetime.now(UTC)), "max_master_age_hours": 48}
    field_map = draw(field_maps())
    areas = [
        row["erp_code"].lower() for row in field_map["legal_entities"] if row["erp"].lower() == "fo"
    ]
    companies = [
        row["erp_code"] for row in field_map["legal_entities"] if row["erp"].lower() == "bc"
    ]
    run = Settings(given)
    edges = [run.window_start(days) for days in (7, 30, 37)]
    edges += [run.as_of_at, run.as_of_at - timedelta(minutes=15)]
    edges += [run.as_of_at - timedelta(days=7), run.as_of_at - timedelta(hours=24)]
    has_dataverse = draw(choose(True, True, True, False))
    context = Context(
        stores={platform: list(names) for platform, names in STORES.items()},
        areas=areas,
        bc_companies=companies,
        moments=edges,
        end=run.as_of_at,
        has_dataverse=has_dataverse,
        kinds=kinds,
    )
    common = common_files(context, draw(st.integers(0, 2**20)))
    vary(common, kinds, Random(f"kinds of {given}"))
    world = World(given, field_map, common)
    for place, seed in enumerate(
        draw(st.lists(st.integers(0, 2**31), min_size=parties, max_size=parties))
    ):
        world.parties.append(make_party(seed, place, context).files)
    if OTHER_LETTERS in kinds:
        other_letters([world.common, *world.parties], Random(f"letters of {given}"))
    if OLD_MASTERS in kinds:
        rng = Random(f"old masters of {field_map}")
        world.old = split_masters([world.common, *world.parties], rng)
    return world


def common_files(context: Context, seed: int) -> Files:
    """Company-wide data: rates, currencies, walk-in customers, flows and their runs."""
    files: Files = {}

    def add(source: str, instance: str, resource: str, *rows: Row) -> None:
        files.setdefault((source, instance, resource), []).extend(rows)

    who = {"person": "Walk-in", "zip": "00000"}
    # sometimes a customer master has only the customers of the parties, or is not loaded
    for area in context.areas[seed % 17 == 3 :]:
        add("d365_fo", "fo-prod", "customers", shapes.fo_customer(area, "WALKIN", who))
    for company in context.bc_companies[seed % 13 == 3 :]:
        row = shapes.bc_customer(shapes.guid("walkin", company), "WALKIN", who)
        add("d365_bc", company, "customers", row)
    if context.areas:
        add("d365_fo", "fo-prod", "exchange_rates", *_fo_rates(seed))
    if context.areas and seed % 2:
        # another organisation, without customers: its rates apply only if there is no other
        rows = [row | {"Rate": row["Rate"] / 2} for row in _fo_rates(seed // 2)]
        add("d365_fo", "fo-acq", "exchange_rates", *rows)
    # every document table is loaded, maybe empty, but sometimes one is not
    documents = [("d365_fo", "fo-prod", name) for name in FO_DOCUMENTS if context.areas]
    documents += [("d365_bc", one, name) for one in context.bc_companies for name in BC_DOCUMENTS]
    for number, place in enumerate(documents):
        if seed % 19 != number:
            add(*place)
    for company in context.bc_companies[: seed % 3]:
        add("d365_bc", company, "currency_exchange_rates", *_bc_rates(company))
    if context.has_dataverse:
        add("dataverse", "org", "accounts")
        add("dataverse", "org", "contacts")
        for area in (*context.areas, "zzzz"):
            add(
                "dataverse", "org", "cdm_companies",
                {"cdm_companyid": shapes.guid("company", area), "cdm_companycode": area.upper(),
                 "cdm_name": area},
            )  # fmt: skip
        for code, rate in (("USD", 1), ("GBP", 0.79), ("JPY", 151.5), ("eur", 0.92)):
            add(
                "dataverse", "org", "transactioncurrencies",
                {"transactioncurrencyid": shapes.guid("currency", code), "isocurrencycode": code,
                 "currencyname": code, "exchangerate": rate, "statecode": 0},
            )  # fmt: skip
        # another organisation, with another base currency
        for code, rate in (("EUR", 1), ("USD", 1.25), ("MXN", 21.5))[: seed % 4]:
            add(
                "dataverse", "a-org", "transactioncurrencies",
                {"transactioncurrencyid": shapes.guid("currency", code), "isocurrencycode": code,
                 "currencyname": code, "exchangerate": rate, "statecode": 0},
            )  # fmt: skip
    if seed % 4:
        _add_flows(files, context, seed)
    for platform, names in context.stores.items():
        for place, instance in enumerate(names[:2]):
            SAME_IDS[platform](files, instance, place, context.end - timedelta(days=1))
    _hold_the_first(files, context)
    return files


def _hold_the_first(files: Files, context: Context) -> None:
    """Of people with the same ids, those of the first store of each platform are in D365."""
    for platform in context.stores:
        who = {"person": f"First of {platform}", "zip": "00011"}
        number, email = f"SAME-{platform}", f"first@{platform}.test"
        if ("d365_fo", "fo-prod", "customers") in files:
            row = shapes.fo_customer(context.areas[0], number, who, email=email)
            files["d365_fo", "fo-prod", "customers"].append(row)
        elif context.bc_companies:
            company = context.bc_companies[0]
            row = shapes.bc_customer(shapes.guid(number), number, who, email=email)
            files.setdefault(("d365_bc", company, "customers"), []).append(row)


def _same_shopify(files: Files, instance: str, place: int, moment: datetime) -> None:
    """Account 11, company 900 at location 9001, orders 1 and 2; two other people per shop."""
    who = {
        "person": f"{PLACES[place]} person",
        "company": f"{PLACES[place]} company",
        "zip": "00011",
    }
    email = f"{PLACES[place]}@shopify.test"
    tags = [["bill-to-ca"], ["vip"]][place]
    account = shapes.shopify_customer(11, who, email=email, tags=tags)
    files.setdefault(("shopify", instance, "customers"), []).append(account)
    company = {"id": "gid://shopify/Company/900", "name": who["company"], "externalId": None}
    at = {"id": "gid://shopify/CompanyLocation/9001", "name": "main", "externalId": None}
    files.setdefault(("shopify", instance, "company_locations"), []).append(
        at | {"createdAt": "2025-10-02T09:00:00Z", "updatedAt": "2026-01-18T09:00:00Z",
              "company": company, "taxSettings": {"taxRegistrationId": f"DE90000012{place}"},
              "shippingAddress": None, "billingAddress": {"countryCode": "DE"}}
    )  # fmt: skip
    purchasing = {"__typename": "PurchasingCompany", "company": company, "location": at}
    for order_id, given in (
        (1, {"customer_id": 11, "email": None}),
        (2, {"purchasing": purchasing, "email": f"buyer.{email}"}),
    ):
        row = shapes.shopify_order(
            order_id, moment, name=f"#{order_id}", total="11.00", tax="1.00", currency="USD",
            financial="PAID", **given,
        )  # fmt: skip
        files.setdefault(("shopify", instance, "orders"), []).append(row)


def _same_bigcommerce(files: Files, instance: str, place: int, moment: datetime) -> None:
    """Account 11, company 900, orders 1 and 2."""
    who = {"person": f"{PLACES[place]} buyer", "company": None, "zip": "00011"}
    email = f"{PLACES[place]}@bigcommerce.test"
    account = shapes.bigcommerce_customer(11, who, email=email)
    files.setdefault(("bigcommerce", instance, "customers"), []).append(account)
    company = shapes.bigcommerce_company(
        900, f"{PLACES[place]} dealer", email=f"dealer.{email}",
        group=["Canada dealers", "Wholesale"][place],
    )  # fmt: skip
    files.setdefault(("bigcommerce", instance, "companies"), []).append(company)
    files.setdefault(("bigcommerce", instance, "b2b_orders"), []).append(
        shapes.b2b_order(2, 900, f"PO-{PLACES[place]}")
    )
    for order_id in (1, 2):
        row = shapes.bigcommerce_order(
            order_id, moment, status_id=11, total="11.0000", net="10.0000", currency="USD",
            customer_id=11 if order_id == 1 else 0,
            billing={"email": "", "country_iso2": "", "zip": "00011", "form_fields": []},
        )  # fmt: skip
        files.setdefault(("bigcommerce", instance, "orders"), []).append(row)


def _same_adobe(files: Files, instance: str, place: int, moment: datetime) -> None:
    """Account 11, company 900, orders 1 and 2."""
    email = f"{PLACES[place]}@adobe_commerce.test"
    files.setdefault(("adobe_commerce", instance, "customers"), []).append(
        {"id": 11, "email": email, "firstname": PLACES[place], "lastname": "",
         "updated_at": "2026-01-01 00:00:00", "created_at": "2025-01-01 00:00:00",
         "taxvat": None, "custom_attributes": []}
    )  # fmt: skip
    files.setdefault(("adobe_commerce", instance, "companies"), []).append(
        {"id": 900, "status": 1, "company_name": f"{PLACES[place]} works", "legal_name": "",
         "company_email": f"works.{email}", "vat_tax_id": None, "reseller_id": None,
         "country_id": None, "postcode": "00011", "custom_attributes": []}
    )  # fmt: skip
    for order_id in (1, 2):
        row = shapes.adobe_order(
            order_id, moment, number=f"{order_id:09d}", state="processing", email=None,
            currency="USD", total=11.0, tax=1.0, paid=11.0,
            customer_id=11 if order_id == 1 else None, billing={"postcode": "00011"},
            company_id=900 if order_id == 2 else None,
        )  # fmt: skip
        files.setdefault(("adobe_commerce", instance, "orders"), []).append(row)


PLACES = ("first", "second")
SAME_IDS = {
    "shopify": _same_shopify,
    "bigcommerce": _same_bigcommerce,
    "adobe_commerce": _same_adobe,
}


def _fo_rates(seed: int) -> list[Row]:
    quotes = [
        ("Default", "CAD", "USD", "2026-01-01", 73.5, "Hundred"),
        ("Default", "CAD", "USD", "2026-04-08", 72.25, "Hundred"),
        ("Default", "CAD", "USD", "2026-11-02", 70.123456, "Hundred"),
        ("Default", "USD", "EUR", "2026-01-01", 0.925, "One"),
        ("Default", "JPY", "CAD", "2026-04-07", 9.1, "Thousand"),
        ("Budget", "GBP", "USD", "2026-01-01", 130, "Hundred"),
        ("default", "GBP", "USD", "2026-04-10", 12.7, "Ten"),
    ]
    return [
        {"RateTypeName": kind, "FromCurrency": source, "ToCurrency": target,
         "StartDate": f"{since}T12:00:00Z", "EndDate": "2154-12-31T12:00:00Z", "Rate": rate,
         "ConversionFactor": factor}
        for place, (kind, source, target, since, rate, factor) in enumerate(quotes)
        if seed >> place & 1 or place == 0
    ]  # fmt: skip


def _bc_rates(company: str) -> list[Row]:
    return [
        {"id": shapes.guid("rate", company, code, since), "currencyCode": code,
         "startingDate": since, "exchangeRateAmount": exchange, "relationalCurrencyCode": through,
         "relationalExchangeRateAmount": relational,
         "lastModifiedDateTime": "2026-01-01T00:00:00Z"}
        # JPY to MXN to CAD to USD to the local currency; later JPY goes in a circle, MXN to EUR
        for code, since, exchange, relational, through in (
            ("USD", "2026-01-01", 100, 80, ""), ("CAD", "2026-01-01", 100, 73, "usd"),
            ("CAD", "2026-04-09", 100, 58.5, ""), ("USD", "2026-04-09", 1, 0.81, ""),
            ("EUR", "2026-01-01", 100, 87, ""), ("MXN", "2026-01-01", 100, 7.5, "CAD"),
            ("JPY", "2026-01-01", 1000, 120, "MXN"), ("JPY", "2026-04-10", 1000, 110, "BRL"),
            ("BRL", "2026-01-01", 1, 28, "JPY"), ("MXN", "2026-11-01", 100, 5, "EUR"),
        )
    ]  # fmt: skip


def _add_flows(files: Files, context: Context, seed: int) -> None:
    """Three flows and a dozen runs around the last day, sometimes all of them before the look-back;
    sometimes Dataverse says when it stopped recording."""
    age = 1500 if seed % 11 == 5 else 0
    for hours in (2, 26, 101, 700)[: seed % 5]:
        files.setdefault(("power_automate", "org", "flow_events"), []).append(
            {"floweventid": shapes.guid("event", hours), "eventtype": "FlowRunIngestion",
             "eventcode": "TtlSettingEqual0", "level": "Warning",
             "createdon": shapes.iso(context.end - timedelta(hours=hours))}
        )  # fmt: skip
    for number, name in enumerate(("ECOM - create customer A", "Ecom - Sync order", "HR - x")):
        flow_id = shapes.guid("flow", number)
        files.setdefault(("power_automate", "org", "workflows"), []).append(
            {"workflowid": flow_id, "name": name, "category": (5, "Modern Flow")[seed % 2],
             "statecode": (0, "Activated", 2)[seed % 3],
             "createdon": "2025-01-01T00:00:00Z", "modifiedon": "2026-01-01T00:00:00Z"}
        )  # fmt: skip
        for run in range(6):
            hours = (0, 1, 24, 25, 100, 300)[run] + (seed >> run & 1) + age
            hours += 27 * (seed % 7 == 3)
            started = context.end - timedelta(hours=hours)
            files.setdefault(("power_automate", "org", "flow_runs"), []).append(
                {"flowrunid": shapes.guid("run", number, run), "name": f"run{run % 4}",
                 "status": ("Failed", "Succeeded", "TimedOut", "faulted", "Aborted")[(seed + run) % 5],
                 "starttime": shapes.iso(started), "endtime": shapes.iso(started),
                 "workflowid": flow_id, "_workflow_value": flow_id.upper(),
                 "isprimary": 1 if run % 3 else run % 2,
                 "parentrunid": (None, "00000000-0000-0000-0000-000000000000", "x")[run % 3], "modifiedon": shapes.iso(started)}
            )  # fmt: skip
