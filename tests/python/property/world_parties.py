"""One random party of a world: a few subjects with shared keys, their orders and D365 records.

Parties are disjoint: removing one does not change the results of the others. Two parties in a row
have the same ids, each in its own stores: every store counts from 1. A party is generated from one
number, so a failing world is a list of numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import world_shapes as shapes
from world_kinds import spelled, vary
from world_money import vary_adobe_commerce, vary_bigcommerce, vary_shopify
from world_shapes import Row

Files = dict[tuple[str, str, str], list[Row]]
DIRTY_NAMES = (
    "{0} Ltd",
    "{0}, Inc.",
    "The {0} GmbH & Co. KG",
    "{0} Co Ltd",
    "Café {0}",
    "{0}",
    "株式会社",
)
COUNTRIES = (
    "US",
    "CA",
    "GB",
    "DE",
    "MX",
    "BM",
    "FR",
    "us",
    "USA",
    "Germany",
    "Atlantis",
    None,
)
SHOPIFY_STATUSES = (
    "PAID", "PAID", "PAID", "PENDING", "AUTHORIZED", "PARTIALLY_PAID", "PARTIALLY_REFUNDED",
    "REFUNDED", "VOIDED", "EXPIRED", None, "BRAND_NEW_STATUS",
)  # fmt: skip
ADOBE_STATES = (
    "new", "processing", "processing", "complete", "closed", "canceled", "holded",
    "pending_payment", "payment_review", "invented",
)  # fmt: skip
STRANGER = {"person": "Somebody else", "zip": "77777"}
PLATFORMS = ("shopify", "bigcommerce", "adobe_commerce")


@dataclass
class Context:
    """Shared by the parties of a world: stores, D365 companies, times, currencies."""

    stores: dict[str, list[str]]
    areas: list[str]
    bc_companies: list[str]
    moments: list[datetime]
    end: datetime
    has_dataverse: bool
    kinds: frozenset[str] = frozenset()
    currencies: tuple[str, ...] = (
        "USD",
        "USD",
        "CAD",
        "EUR",
        "GBP",
        "JPY",
        "cad",
        "XTS",
    )


@dataclass
class Party:
    """The objects of one party by (source, instance, resource)."""

    seed: int
    files: Files = field(default_factory=dict)

    def add(self, source: str, instance: str, resource: str, row: Row) -> None:
        """Append an object, at most once."""
        rows = self.files.setdefault((source, instance, resource), [])
        if row not in rows:
            rows.append(row)


class Maker:
    """Creates one party from its own random numbers."""

    def __init__(self, seed: int, place: int, context: Context) -> None:
        self.rng = Random(seed)
        self.kinds_rng = Random(f"kinds of {seed}")
        self.place = place
        self.context = context
        self.party = Party(seed)
        self.base = 1000 + 100 * (place // 2)
        domain = self.rng.choice(
            (
                f"p{place}.test",
                f"büro{place}.example",
                "gmail.com",
                f"mail{place}.co.uk",
            )
        )
        self.emails = [f"ana.{place}@{domain}", f"ben{place}+x@{domain}", f"c.d.{place}@{domain}"]
        digits = f"{place:04d}1234{self.rng.randint(0, 9)}"
        self.tax_ids = [(self.rng.choice(("DE", "GB", "US", "GR", "XI", "")), digits)]
        self.tax_ids.append(("US", self.rng.choice(("1234", "77777777", f"{place:04d}98765"))))
        self.external_ids = [f"C{place:04d}", f"D{place:04d}"]
        self.zip = f"1{place:04d}"
        self.name = f"Party {place}"
        # a text that several orders share, one that fills every field, and one of each order
        self.po_texts = (
            f"VERBAL {place}", f" #po {place} north east region for the second half of 2026 no. {{0}}",
            "PO-{0}", "PO-{0}",
        )  # fmt: skip
        self.accounts: list[str] = [f"F{place}-0", f"B{place}-0", *self.external_ids]
        self.orders: list[tuple[str, str, str, str, str]] = []
        self.subject_ids: list[str] = []

    def maybe(self, chance: float) -> bool:
        """True with this chance."""
        return self.rng.random() < chance

    def email(self, chance: float = 0.85) -> str | None:
        """One of the party's addresses, in a spelling people use."""
        return self.of_a_kind("email", self.plain_email(chance))

    def of_a_kind(self, field_name: str, text: str | None) -> str | None:
        """The text in one of the kinds of the world (world_kinds)."""
        return spelled(field_name, text, self.context.kinds, self.kinds_rng)

    def plain_email(self, chance: float) -> str | None:
        """An address in a spelling that every world has."""
        if not self.maybe(chance):
            return self.rng.choice((None, None, "noreply@shop.test", "not-an-address"))
        address = self.rng.choice(self.emails)
        local, domain = address.split("@")
        return self.rng.choice(
            (
                address,
                address,
                address.upper(),
                f"  {address} ",
                f"{address};",
                f"{address}; {self.rng.choice(self.emails)}",
                f"noreply@shop.test;{address}",
                f"{local}@{domain.encode('idna').decode()}",
                f"\u00a0{address}",
            )
        )

    def tax_id(self, chance: float = 0.4) -> str | None:
        """One of the party's tax ids, with or without prefix, blanks, dots."""
        if not self.maybe(chance):
            return None
        prefix, digits = self.rng.choice(self.tax_ids)
        if prefix == "GR":
            prefix = self.rng.choice(("EL", "GR"))
        plain = self.rng.choice((prefix + digits, prefix + digits, digits, f"{prefix} {digits}"))
        written = self.rng.choice((plain, plain.lower(), f"{plain[:5]}.{plain[5:]}", f" {plain} "))
        return self.of_a_kind("tax_id", written)

    def external_id(self, chance: float = 0.3) -> str | None:
        """One of the party's customer numbers of the ERP."""
        if not self.maybe(chance):
            return None
        number = self.rng.choice(self.external_ids)
        written = self.rng.choice((number, number.lower(), f" {number}"))
        return self.of_a_kind("external_id", written)

    def who(self) -> Row:
        """A name and an address."""
        name = self.rng.choice(DIRTY_NAMES).format(self.name)
        return {
            "person": self.name,
            "company": name if self.maybe(0.5) else None,
            "zip": self.zip,
        }

    def country(self) -> str | None:
        """Mostly one of the field map."""
        country = self.rng.choice(COUNTRIES[:6] if self.maybe(0.8) else COUNTRIES)
        return self.of_a_kind("country", country)

    def po_number(self, order_id: int) -> str:
        """What the buyer calls an order."""
        return self.rng.choice(self.po_texts).format(order_id)

    def account(self) -> str | None:
        """The account of a document: mostly one of the party, as people type it."""
        account = self.rng.choice((*self.accounts, "WALKIN", None))
        account = self.of_a_kind("account", account)
        return account and self.rng.choice((account, account.lower(), f" {account} "))

    def moment(self) -> datetime:
        """An order time: at a bound, or anywhere in 40 days."""
        if self.maybe(0.35):
            edge = self.rng.choice(self.context.moments)
            return edge + timedelta(seconds=self.rng.choice((-1, 0, 1)))
        if self.maybe(0.6):
            return self.context.end - timedelta(seconds=self.rng.randint(1, 7 * 86400))
        return self.context.end - timedelta(seconds=self.rng.randint(1, 40 * 86400))

    def amounts(self) -> tuple[str, str, str]:
        """(total, tax, net) as decimal texts."""
        net, tax = self.rng.randint(0, 900000), self.rng.choice((0, 0, 1900, 725, 33))
        return f"{(net + tax) / 100:.2f}", f"{tax / 100:.2f}", f"{net / 100:.2f}"

    def make(self) -> Party:
        """The whole party."""
        for number in range(self.rng.choice((1, 1, 1, 2, 2, 3))):
            self.subject(number)
        for number in range(self.rng.choice((0, 0, 1, 1, 2, 3))):
            self.master(number)
        if self.context.has_dataverse:
            for number in range(self.rng.choice((0, 0, 0, 1, 2))):
                self.dataverse(number)
        for reference in self.orders:
            for number in range(self.rng.choice((0, 1, 2))):
                self.document(reference, number)
        vary(self.party.files, self.context.kinds, self.kinds_rng)
        return self.party

    def subject(self, number: int) -> None:
        """An account, guest or company on one platform with its orders."""
        platform = self.rng.choice(PLATFORMS)
        instance = self.rng.choice(self.context.stores[platform][self.place % 2 :: 2])
        kind = self.rng.choice(("account", "account", "guest", "guest", "company", "nobody"))
        make = {
            "shopify": self.shopify,
            "bigcommerce": self.bigcommerce,
            "adobe_commerce": self.adobe_commerce,
        }[platform]
        party_id = self.base + number
        if kind in ("account", "company"):
            self.subject_ids.append(f"{platform}:{instance}:{party_id}")
        make(instance, kind, party_id, number)

    def order_ids(self, number: int) -> list[int]:
        """Ids of 1 to 3 orders, maybe also used on other platforms."""
        first = self.base + 10 * number
        return list(range(first, first + self.rng.choice((1, 1, 2, 3))))

    def older(self, row: Row, **changes: Any) -> Row:
        """An earlier version of an order, which must not count."""
        return row | changes

    def shopify(self, instance: str, kind: str, party_id: int, number: int) -> None:
        """Orders of one Shopify customer, company or guest."""
        who, country = self.who(), self.country()
        tags = self.rng.choice(([], ["bill-to-ca", "vip"], [f"erp:{self.external_ids[0]}"]))
        if kind in ("account", "company"):
            email = self.email()
            self.party.add(
                "shopify", instance, "customers",
                shapes.shopify_customer(
                    party_id, who, email=email, tags=tags, tax_id=self.tax_id(0.3),
                    country=self.country(),
                ),
            )  # fmt: skip
        purchasing: Row | None = {"__typename": "Customer"}
        if kind == "company":
            company = {
                "id": f"gid://shopify/Company/{party_id}",
                "name": who["company"] or who["person"],
                "externalId": self.external_id(),
            }
            location = {
                "id": f"gid://shopify/CompanyLocation/{party_id}",
                "name": "main",
                "externalId": self.external_id(0.2),
            }
            purchasing = {"__typename": "PurchasingCompany", "company": company}
            purchasing["location"] = location
            self.party.add(
                "shopify", instance, "company_locations",
                location
                | {
                    "createdAt": "2025-10-02T09:00:00Z",
                    "updatedAt": "2026-01-18T09:00:00Z",
                    "company": company,
                    "taxSettings": {"taxRegistrationId": self.tax_id(0.5)},
                    "shippingAddress": None,
                    "billingAddress": {"countryCode": self.country(), "zip": self.zip},
                },
            )  # fmt: skip
        for order_id in self.order_ids(number):
            total, tax, _ = self.amounts()
            moment = self.moment()
            goes_to = country if self.maybe(0.7) else self.country()
            row = shapes.shopify_order(
                order_id,
                moment,
                name=f"#{order_id}",
                total=total,
                tax=tax,
                currency=self.rng.choice(self.context.currencies),
                financial=self.rng.choice(SHOPIFY_STATUSES[: self.rng.choice((3, 12))]),
                fulfillment=self.rng.choice(("UNFULFILLED", "FULFILLED", "ON_HOLD")),
                cancelled=shapes.iso(moment) if self.maybe(0.04) else None,
                test=self.maybe(0.03),
                channel=self.rng.choice(("web", "web", "pos", "Wholesale")),
                po=self.rng.choice((None, self.po_number(order_id))),
                tags=self.rng.choice(([], [], ["fulfil-from-ca"], [" Fulfil-From-UK "])),
                email=self.email() if kind != "nobody" else self.email(0),
                attributes=[{"key": "BC Doc. No.", "value": f"S-{order_id}"}]
                if self.maybe(0.2)
                else [],
                shipping=shapes.shopify_address(who, goes_to) if self.maybe(0.9) else None,
                billing=shapes.shopify_address(who, self.country()),
                purchasing=purchasing,
                business_entity=self.rng.choice(
                    (
                        None,
                        {
                            "id": "gid://shopify/BusinessEntity/7",
                            "displayName": "CA Trade ULC",
                        },
                    )
                )
                if self.maybe(0.1)
                else None,
                customer_id=party_id if kind in ("account", "company") else None,
            )
            if self.maybe(0.1):
                shop = shapes.money(total, row["presentmentCurrencyCode"], "250.00", "AUD")
                row["currentTotalPriceSet"] = shop
                tax_in_shop_currency = {"amount": "25.00", "currencyCode": "AUD"}
                row["currentTotalTaxSet"] = {"shopMoney": tax_in_shop_currency}
            vary_shopify(row, self.rng)
            if self.maybe(0.02):
                row["createdAt"] = "yesterday"
            self.keep("shopify", instance, row, order_id, f"#{order_id}", row["poNumber"])
            if self.maybe(0.1):
                old = self.older(
                    row,
                    updatedAt="2026-01-01T00:00:00Z",
                    cancelledAt=shapes.iso(moment),
                )
                self.party.files["shopify", instance, "orders"].insert(0, old)

    def keep(
        self,
        source: str,
        instance: str,
        row: Row,
        order_id: int,
        name: str,
        po: str | None,
    ) -> None:
        """Add an order and remember its D365 references."""
        self.party.add(source, instance, "orders", row)
        self.orders.append((source, instance, str(order_id), name, po or ""))

    def bigcommerce(self, instance: str, kind: str, party_id: int, number: int) -> None:
        """Orders of one BigCommerce customer, company or guest."""
        who, country = self.who(), self.country()
        if kind in ("account", "company"):
            self.party.add(
                "bigcommerce", instance, "customers",
                shapes.bigcommerce_customer(
                    party_id, who, email=self.email(),
                    form_fields=[
                        {"name": "VAT ID", "value": self.tax_id() or ""},
                        {"name": "ERP Account", "value": self.external_id() or ""},
                    ],
                    attributes=[{"attribute_id": 2, "attribute_value": self.external_id(0.1) or ""}],
                ),
            )  # fmt: skip
        if kind == "company":
            self.party.add(
                "bigcommerce", instance, "companies",
                shapes.bigcommerce_company(
                    party_id, who["company"] or who["person"], email=self.email(),
                    extra_fields=[
                        {"fieldName": "Tax ID", "fieldValue": self.tax_id() or ""},
                        {"fieldName": "ERP Account", "fieldValue": self.external_id() or ""},
                    ],
                    group=self.rng.choice(("Wholesale", "Canada dealers")),
                ),
            )  # fmt: skip
        for order_id in self.order_ids(number):
            total, _, net = self.amounts()
            shipping = [
                {"country_iso2": self.country() or "", "zip": self.zip}
                for _ in range(self.rng.choice((0, 0, 2)))
            ] or [{"country_iso2": country or "", "zip": self.zip}]
            po_number = self.po_number(order_id) if self.maybe(0.4) else ""
            row = shapes.bigcommerce_order(
                order_id,
                self.moment(),
                status_id=self.rng.choice((11, 11, 10, 2, *range(15), 99)),
                payment_status=self.rng.choice(("", "paid", "captured", "void")),
                payment_method=self.rng.choice(("Purchase Order",) * 9 + ("Test Payment Gateway",)),
                total="n/a" if self.maybe(0.02) else total,
                net="n/a" if self.maybe(0.02) else net,
                refunded=self.rng.choice(("0.0000",) * 9 + ("1.5000",)),
                currency=self.rng.choice(self.context.currencies),
                deleted=self.maybe(0.04),
                channel=self.rng.choice((1, 1, 4)),
                source=self.rng.choice(("www", "manual")),
                po=po_number if kind != "company" else "",
                customer_id=party_id if kind in ("account", "company") else 0,
                billing={
                    "first_name": who["person"],
                    "last_name": "",
                    "company": who["company"] or "",
                    "zip": self.zip,
                    "country_iso2": self.country() or "",
                    "email": (self.email() if kind != "nobody" else self.email(0)) or "",
                    "form_fields": [{"name": "VAT ID", "value": self.tax_id(0.2) or ""}],
                },
                shipping=shipping if self.maybe(0.85) else [],
            )
            vary_bigcommerce(row, self.rng)
            self.keep("bigcommerce", instance, row, order_id, str(order_id), po_number)
            if kind == "company":
                self.party.add(
                    "bigcommerce", instance, "b2b_orders",
                    shapes.b2b_order(order_id, party_id, po_number),
                )  # fmt: skip
            if self.maybe(0.1):
                old = self.older(row, date_modified="Thu, 01 Jan 2026 00:00:00 +0000", status_id=5)
                self.party.files["bigcommerce", instance, "orders"].insert(0, old)

    def adobe_commerce(self, instance: str, kind: str, party_id: int, number: int) -> None:
        """Orders of one Adobe Commerce customer, company or guest."""
        who, country = self.who(), self.country()
        if kind in ("account", "company"):
            self.party.add(
                "adobe_commerce", instance, "customers",
                {
                    "id": party_id,
                    "email": self.email(),
                    "firstname": who["person"],
                    "lastname": "",
                    "extension_attributes": {
                        "company_attributes": {"company_id": self.rng.choice((0, 0, 0, party_id))}
                    },
                    "updated_at": "2026-01-01 00:00:00",
                    "created_at": "2025-01-01 00:00:00",
                    "taxvat": self.tax_id(0.3),
                    "custom_attributes": [
                        {"attribute_code": "erp_account", "value": self.external_id() or ""}
                    ],
                },
            )  # fmt: skip
        if kind == "company":
            self.party.add(
                "adobe_commerce", instance, "companies",
                {
                    "id": party_id,
                    "status": 1,
                    "company_name": who["company"] or who["person"],
                    "legal_name": self.rng.choice(("", f"{self.name} Legal")),
                    "company_email": self.email(),
                    "vat_tax_id": self.tax_id(0.5),
                    "reseller_id": self.external_id(),
                    "country_id": self.country(),
                    "postcode": self.zip,
                    "custom_attributes": [],
                },
            )  # fmt: skip
        for order_id in self.order_ids(number):
            total, tax, _ = self.amounts()
            refunded = self.rng.choice((None, None, None, float(total)))
            row = shapes.adobe_order(
                order_id,
                self.moment(),
                number=f"{order_id:09d}",
                state=self.rng.choice(ADOBE_STATES[: self.rng.choice((4, 10))]),
                email=self.email() if kind != "nobody" else self.email(0),
                first_name=who["person"],
                currency=self.rng.choice(self.context.currencies),
                total=float(total),
                tax=float(tax),
                refunded=refunded,
                tax_refunded=None if refunded is None else float(tax),
                canceled=self.rng.choice((None,) * 9 + (1.25,)),
                paid=self.rng.choice((0, float(total))),
                customer_id=party_id if kind in ("account", "company") else None,
                tax_id=self.tax_id(0.15),
                external_id=self.external_id(0.1),
                company_id=party_id if kind == "company" else self.rng.choice((None, 0)),
                company_name=who["company"],
                po=self.rng.choice((None, self.po_number(order_id))),
                billing={
                    "country_id": self.country(),
                    "postcode": self.zip,
                    "company": who["company"],
                    "vat_id": self.tax_id(0.1),
                },
                shipping=[
                    {"country_id": country or self.country(), "postcode": self.zip}
                    for _ in range(self.rng.choice((0, 1, 1, 1, 2)))
                ],
            )
            vary_adobe_commerce(row, self.rng)
            po = row["payment"]["po_number"]
            self.keep("adobe_commerce", instance, row, order_id, f"{order_id:09d}", po)
            if self.maybe(0.1):
                old = self.older(row, updated_at="2026-01-01 00:00:00", state="canceled")
                self.party.files["adobe_commerce", instance, "orders"].insert(0, old)

    def master(self, number: int) -> None:
        """A customer of the F&O or Business Central customer master."""
        who, name = self.who(), self.rng.choice(DIRTY_NAMES).format(self.name)
        if self.context.areas and (self.maybe(0.6) or not self.context.bc_companies):
            area = self.rng.choice((*self.context.areas, *self.context.areas, "zzzz"))
            account = (
                self.of_a_kind("account", self.rng.choice(self.external_ids))
                if number == 0 and self.maybe(0.5)
                else f"F{self.place}-{number}"
            )
            country = self.country()
            self.party.add(
                "d365_fo", "fo-prod", "customers",
                shapes.fo_customer(
                    self.rng.choice((area, area.upper())), account, who, name=name, email=self.email(0.5), tax_id=self.tax_id(),
                    party=f"{self.place:06d}{number}", country=country,
                    identification=self.rng.choice(self.subject_ids).upper()
                    if self.subject_ids and self.maybe(0.25) else "",
                    hold=self.rng.choice(("No", 0, 2, "Never", "invoice ", "Nein")),
                ),
            )  # fmt: skip
            for other in self.context.areas:
                if other != area and self.maybe(0.5):
                    stranger = shapes.fo_customer(other, account, STRANGER, email=self.stranger())
                    self.party.add("d365_fo", "fo-prod", "customers", stranger)
            if self.maybe(0.3):
                self.party.add(
                    "d365_fo", "fo-prod", "customer_electronic_addresses",
                    {
                        "dataAreaId": area.upper(),
                        "CustomerAccount": self.rng.choice((account, f" {account.lower()}")),
                        "ElectronicAddressId": f"{self.place:06d}{number}",
                        "Locator": self.email(1),
                        "Type": "Email",
                        "IsPrimary": "No",
                        "Purpose": "Business",
                    },
                )  # fmt: skip
        elif self.context.bc_companies:
            instance = self.rng.choice(self.context.bc_companies)
            account = (
                self.of_a_kind("account", self.rng.choice(self.external_ids))
                if number == 0 and self.maybe(0.5)
                else f"B{self.place}-{number}"
            )
            self.party.add(
                "d365_bc", instance, "customers",
                shapes.bc_customer(
                    shapes.guid("bc", instance, account), account, who, name=name,
                    email=self.email(0.6), tax_id=self.tax_id(), country=self.country(),
                    blocked=self.rng.choice(("_x0020_", " ", 0, "All", 1, "Gesperrt")),
                ),
            )  # fmt: skip
            for other in self.context.bc_companies:
                if other != instance and self.maybe(0.5):
                    row_id = shapes.guid("bc", other, account)
                    stranger = shapes.bc_customer(row_id, account, STRANGER, email=self.stranger())
                    self.party.add("d365_bc", other, "customers", stranger)

    def stranger(self) -> str:
        """The address of a customer with the same number in another company."""
        return f"stranger@other{self.place}.test"

    def dataverse(self, number: int) -> None:
        """An account or a contact of Dataverse."""
        created = shapes.iso(self.moment())
        row = {
            "emailaddress1": self.email(0.6),
            "emailaddress2": self.email(0.2),
            "emailaddress3": None,
            "statecode": self.rng.choice((0, "Active", "0", 1, "Inactive")),
            "statuscode": 1,
            "msdyn_identificationnumber": None,
            "_msdyn_company_value": self.rng.choice(
                (
                    None,
                    *(shapes.guid("company", area) for area in (*self.context.areas, "zzzz")),
                )
            ),
            "address1_country": self.country(),
            "address1_postalcode": self.zip,
            "createdon": created,
            "modifiedon": created,
        }
        number_of = self.rng.choice((None, self.external_ids[0].lower(), f"F{self.place}-0"))
        number_of = self.of_a_kind("account", number_of)
        if self.maybe(0.5):
            row |= {
                "accountid": shapes.guid("account", self.place, number),
                "name": self.name,
                "accountnumber": number_of,
                "customertypecode": self.rng.choice((3, "Customer", 1, "Vendor", None)),
                "msdyn_taxexemptnumber": self.tax_id(0.3),
                "msdyn_partynumber": self.rng.choice((None, None, f"{self.place:06d}0")),
            }
            self.party.add("dataverse", "org", "accounts", row)
        else:
            row |= {
                "contactid": shapes.guid("contact", self.place, number),
                "fullname": self.name,
                "firstname": self.name,
                "msdyn_sellable": self.rng.choice((True, True, False, None)),
                "msdyn_contactpersonid": number_of,
            }
            self.party.add("dataverse", "org", "contacts", row)

    def document(self, reference: tuple[str, str, str, str, str], place: int) -> None:
        """A sales order or invoice that may match an order by one of its numbers."""
        source, _, order_id, name, po_number = reference
        prefix = {"shopify": "SHP-", "bigcommerce": "BC-", "adobe_commerce": "adc-"}[source]
        known_as = self.rng.choice(
            (
                prefix + order_id,
                prefix + name.lstrip("#"),
                name,
                order_id,
                po_number or name,
                po_number or name,
                po_number or "X-1",
            )
        )
        kind = self.rng.choice(("sales_order", "invoice", "free_text"))
        # as a field of 60, 35 or 20 characters shows it
        in_60, in_35, in_20 = (known_as.strip()[:length].rstrip() for length in (60, 35, 20))
        number = f"{source[0].upper()}{self.place}-{order_id}-{place}"
        if self.context.areas and (self.maybe(0.6) or not self.context.bc_companies):
            area = self.rng.choice((*self.context.areas, *self.context.areas, "zzzz"))
            if kind == "free_text":
                self.party.add(
                    "d365_fo", "fo-prod", "free_text_invoices",
                    {
                        "dataAreaId": area,
                        "InvoiceIdentifier": 1000 * self.place + sum(map(len, self.party.files.values())),
                        "FreeTextNumber": f"FTI-{number}",
                        "CustomerAccount": self.account(),
                        "CustomerReference": self.rng.choice((in_60, in_35, "")),
                        "CustomerRequisition": self.rng.choice((in_20, "")),
                        "ExternalInvoiceId": self.rng.choice((known_as, "")),
                        "IsPosted": self.rng.choice(("Yes", "1", "No")),
                        "IsCorrection": self.rng.choice(("No", "No", "No", "Yes")),
                    },
                )  # fmt: skip
                if self.maybe(0.3):
                    invoice = self.party.files["d365_fo", "fo-prod", "free_text_invoices"][-1]
                    correction = {
                        "InvoiceIdentifier": invoice["InvoiceIdentifier"] + 500,
                        "FreeTextNumber": f"C{invoice['FreeTextNumber']}",
                        "IsPosted": self.rng.choice(("Yes", "Yes", "No")),
                        "IsCorrection": self.rng.choice(("Yes", 1, "No")),
                        "CorrectedInvoiceId": self.rng.choice(
                            (invoice["FreeTextNumber"].lower(), invoice["FreeTextNumber"], None)
                        ),
                    }
                    self.party.add("d365_fo", "fo-prod", "free_text_invoices", invoice | correction)
            else:
                self.party.add(
                    "d365_fo", "fo-prod", "sales_orders",
                    {
                        "dataAreaId": area,
                        "SalesOrderNumber": f"SO-{number}",
                        "SalesOrderStatus": self.rng.choice(
                            ("Backorder", "Open order", "Invoiced", 3, "Canceled", 4, "None", "Fakturiert")
                        ),
                        "OrderingCustomerAccountNumber": self.account(),
                        "CustomersOrderReference": self.rng.choice((in_60, "")),
                        "CustomerRequisitionNumber": self.rng.choice((in_20, in_20[:15], "")),
                    },
                )  # fmt: skip
        elif self.context.bc_companies:
            instance = self.rng.choice(self.context.bc_companies)
            row = {
                "id": shapes.guid("document", number, kind),
                "number": self.rng.choice((f"S-{order_id}", name, f"S-ORD{number}")),
                "customerNumber": self.account(),
                "externalDocumentNumber": self.rng.choice((in_35, po_number.strip()[:35], "")),
                "lastModifiedDateTime": "2026-04-08T23:30:00.5Z",
            }
            if kind == "sales_order":
                row |= {"status": self.rng.choice(("Open", "Draft", "In_x0020_Review"))}
                self.party.add("d365_bc", instance, "sales_orders", row)
            else:
                row |= {
                    "status": self.rng.choice(
                        ("Open", "Paid", 4, "Draft", "Canceled", "_x0020_", "Closed")
                    ),
                    "customerPurchaseOrderReference": self.rng.choice((in_35, known_as, "")),
                    "orderNumber": self.rng.choice(("", f"S-{order_id}")),
                }
                self.party.add("d365_bc", instance, "sales_invoices", row)


def make_party(seed: int, place: int, context: Context) -> Party:
    """The party of a number, with its ids and addresses in the world."""
    return Maker(seed, place, context).make()
