"""Key values, normalised the same way on both sides, and their holders.

A match key is a row of the field map: a field of the shop and a field of D365.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import idna
from oracle_orders import Order
from oracle_reading import (
    Extracts,
    FieldMap,
    Row,
    Settings,
    blank,
    enum,
    first,
    lower,
    truth,
)
from stdnum.at import uid as uid_of_austria
from stdnum.be import vat as vat_of_belgium
from stdnum.ch import uid as uid_of_switzerland
from stdnum.fr import tva as tva_of_france
from stdnum.gb import vat as vat_of_britain
from stdnum.no import orgnr as orgnr_of_norway

LEGAL_FORMS = re.compile(
    "inc|incorporated|llc|llp|ltd|limited|corp|corporation|co|company|gmbh|ag|kg|sa|sas|sarl|srl"
    "|spa|bv|nv|ab|as|oy|aps|plc|ulc|pty"
)
LOCAL_PART = re.compile(r"[^@,;:()<>\[\]{}\"\s]+")
DOMAIN_LABEL = re.compile(r"[^@.,;:()<>\[\]{}\"\s_!#$%&*+/=?^|~\\]+")
NO_ONE = {"0", "0.0", "00", "000", "nan", "none", "null", "(null)", "n/a", "#n/a", "\\n", "-", "--",
    "true", "false", "0,00", "#ref!", "#value!", "#name?", "#div/0!"}  # fmt: skip
MASKED = re.compile(r"[*\u2022\u2026]|###|(?<![a-z])xxx+(?![a-z])")
HOLDS = {"1", "2", "3", "4", "6", "invoice", "all", "payment", "requisition", "purchorder"}
BLOCKS = {"1", "2", "3", "ship", "invoice", "all"}
Key = tuple[str, str]
# hyphens, quotes, and the full-width form of what an address or a number is written with
PLAIN = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-") | {
    **dict.fromkeys("\u201c\u201d", '"'), **dict.fromkeys("\u2018\u2019", "'"),
    **{chr(ord(c) + 0xFEE0): c for c in map(chr, range(33, 127)) if c.isalnum() or c in "@.+_-"},
}  # fmt: skip


# what people write before a tax id: VAT:, USt-IdNr., P.IVA
LABEL = re.compile(
    r"^[^A-Z0-9]*(VAT|TVA|P\.? ?IVA|IVA|UST|UID|BTW|MWST|NIF|CIF|NIP|ABN|GST|EIN|TIN|TAX|CNPJ|CUIT)"
    r"(?:[ .-]*(?:IDNR|ID|NR|NO|NUMBER|REG))*[ .:#-]+"
)
GLUED = re.compile(
    r"^(?:VAT|TVA|USTID(?:NR)?|UST|TIN|TAX(?:ID)?)(?:NR|ID)?[.:]*"
    r"(?=(?:AT|BE|DE|DK|FR|NL|IT|ES|PL|GB)[^A-Z0-9]*[A-Z0-9]{0,2}(?:[^A-Z0-9]*[0-9]){5}"
    r"|(?:[0-9]{7,8}|[0-9]{10,})$)"
)
REMARK = (
    r"[\s,;-]+(?:\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d"
    r"|(?:[^\W\d_]{2,}[\s,;-]+)*[^\W\d_]{4,})"
)
BEHIND = re.compile(rf"(?:\([^0-9)]*\)|[^A-Z0-9]+(?:EU|VAT|TVA|IVA|UID|EIN)|{REMARK})+[^A-Z0-9]*$")
MARKDOWN = re.compile(r"(?i)\[[^\[\]]*\]\(mailto:([^()]*)\)")
BEFORE_ADDRESS = re.compile(r"^(?:(?:mailto|smtp|email|e-mail):|[\s\"'`(/<])+")
# territories that use the numbers of another country
TAX_COUNTRY = {"IM": "GB", "MC": "FR"}
TERRITORY_RULES = {"IM": vat_of_britain.is_valid, "MC": tva_of_france.is_valid}
IGNORED = "ignored by the field map"


def visible(written: str) -> str:
    """The text as people see it: composed, without format characters, with plain blanks."""
    composed = unicodedata.normalize("NFC", written)
    kept = (c for c in composed if unicodedata.category(c) != "Cf")
    return "".join(" " if unicodedata.category(c) == "Zs" else PLAIN.get(c, c) for c in kept)


def addresses(written: str) -> list[str]:
    """The e-mail addresses that people write into one field: in brackets behind a name, the name in
    quotes maybe, or as they are; one after the other; with the entities of HTML."""
    text = re.sub(r"(?i)<a\s[^<>]*mailto:([^\"'<>\s]+)[^<>]*>", r",\1,", html.unescape(written))
    text = re.sub(r"(?i)</?(?:a|p|b|br|div|span)(?:[\s/][^<>@]*)?>", ",", text)
    plain = re.sub(r"\"[^\"]*\"", "", text)
    while bracket := re.search(r"[^,;<>]*<([^<>]*)>", plain):
        plain = f"{plain[: bracket.start()]},{bracket[1]},{plain[bracket.end() :]}"
    one = r"[,;\r\n]+|\s+[-|]\s+|\([^()@]*\)"
    return re.split(r"[,;/|\s]+" if plain.count("@") > 1 else one, plain.strip())


def numbers(written: str) -> list[str]:
    """The tax ids of a field; a slash or comma may also be part of one."""
    words = written.split(" ")
    if len(words) > 1 and all(re.fullmatch(r"(?i)[A-Z]{2,3}[0-9]{5,}[A-Z0-9]*", w) for w in words):
        return words
    several = re.split(r"[/,;|&\r\n]+", written)
    if all(part.strip()[:1].isalpha() and len(re.findall("[0-9]", part)) > 4 for part in several):
        return several
    return re.split(r"[;|\r\n]+", written)


def is_several(written: str) -> bool:
    """Whether an ERP number is several: parts with a digit, or of a slash or blank whole numbers."""
    parts = re.split(r"[;,&|\r\n]+", written)
    numbers = re.split(r"\s*/\s*|\s+(?:(?:and|und|et|or|oder)\s+)?", written)
    return (len(parts) > 1 and all(re.search("[0-9]", part) for part in parts)) or (
        len(numbers) > 1
        and all(re.fullmatch(r"[a-z]+[-_.]?[0-9]+|[0-9]{5,}", number) for number in numbers)
    )


def accounts(extracts: Extracts) -> set[str]:
    """Every number of a customer that D365 and Dataverse have, which is one value however it looks."""
    named = (
        ("d365_fo", "customers", "CustomerAccount"),
        ("d365_bc", "customers", "number"),
        ("dataverse", "accounts", "accountnumber"),
    )
    return {
        visible(lower(row.get(name))).strip() for source, table, name in named
        for row in extracts.rows(source, table)
    }  # fmt: skip


def national(prefix: str, number: str) -> str:
    """A number as its country writes it, where the rule of the country accepts it so."""
    own = number
    if prefix == "NO":
        own = number.removesuffix("MVA")
    elif prefix == "CH":
        own = re.sub("^E|(MWST|TVA|IVA)$", "", number)
    elif prefix == "BE" and len(number) == 9:
        own = f"0{number}"
    elif prefix == "AT" and number[:1] != "U":
        own = f"U{number}"
    rules = {
        "NO": orgnr_of_norway.is_valid,
        "CH": lambda one: uid_of_switzerland.is_valid(f"CHE{one}"),
        "BE": vat_of_belgium.is_valid,
        "AT": uid_of_austria.is_valid,
    }
    return own if prefix in rules and rules[prefix](own) else number


class Keys:
    """How texts become key values under one field map and its settings."""

    def __init__(self, field_map: FieldMap, settings: Settings) -> None:
        self.field_map = field_map
        self.settings = settings
        self.accounts: set[str] = set()

    def values(self, key_type: str, written: str, country: str | None) -> list[str]:
        """The key values of a text: several for a list of e-mails, none if it is not a key."""
        found = self.parts(key_type, visible(written), country)
        return [value for value in found if value and not self.reasons(key_type, value)]

    def parts(self, key_type: str, written: str, country: str | None) -> list[str | None]:
        """The value of each part of a text, None for one that is no key in any field map."""
        if key_type == "email":
            written = MARKDOWN.sub(r",\1,", written)
        if written.strip().lower() in NO_ONE or written.lstrip()[:1] in ("[", "{"):
            return [None]
        if key_type == "email":
            return [self.email(part) for part in addresses(written) if part.strip()]
        if MASKED.search(written.lower()):
            return [None]
        if key_type == "tax_id":
            return [self.tax_id(part, country) for part in numbers(written) if part.strip()]
        if key_type == "external_id":
            bare = re.sub(r"^[\s='\"]+|[\s;,'\"]+$", "", written.lower())
            if is_several(bare) and bare not in self.accounts:
                return [None]
            return [re.sub(r"^([^a-z.:]*\d)\.0+$", r"\1", bare) or None]
        return [written or None]

    def is_refused(self, key_type: str, written: str, country: str | None) -> bool:
        """True when a part of the text is no key, and not because the field map ignores it."""
        return any(
            value is None or ((found := self.reasons(key_type, value)) and IGNORED not in found)
            for value in self.parts(key_type, visible(written), country)
        )

    def key_types(self, platform: str, field_name: str) -> set[str]:
        """What a field of a shop is read as: every e-mail and tax id, and what the map names."""
        mapped = {
            lower(row["key_type"])
            for row in active_rows(self.field_map)
            if row["platform"] in ("*", platform)
            and _is_field(str(row["source_field"]), field_name)
        }
        return mapped | {field_name.split(".")[1]} & {"email", "tax_id"}

    def email(self, written: str) -> str | None:
        """The normalised address, None when it is not valid."""
        bare = re.sub(r"[?](subject|body|cc|bcc)=.*$", "", written.lower())
        address = BEFORE_ADDRESS.sub("", bare).rstrip("\t\r\n .,;:\"'`)>")
        if (
            MASKED.search(address)
            or address.count("@") != 1
            or re.fullmatch(r"[0-9]+@example[.].*", address)
        ):
            return None
        local, domain = address.split("@")
        if not domain.isascii():
            try:
                domain = idna.encode(domain, uts46=True).decode("ascii").lower()
            except idna.IDNAError:
                return None
        labels = domain.split(".")
        is_domain = len(labels) > 1 and all(DOMAIN_LABEL.fullmatch(label) for label in labels)
        is_local = LOCAL_PART.fullmatch(local) and ".." not in f"{local}@" and local[0] != "."
        if not (is_domain and is_local) or local.endswith("."):
            return None
        if len(labels[-1]) < 2 or labels[-1][0].isdigit():
            return None
        if self.settings.gmail and domain in ("gmail.com", "googlemail.com"):
            local, domain = local.split("+")[0].replace(".", ""), "gmail.com"
        return f"{local}@{domain}"

    def tax_id(self, written: str, country: str | None) -> str | None:
        """Prefix and number; None when the number is too short or one repeated character."""
        bare = LABEL.sub("", GLUED.sub("", BEHIND.sub("", written.upper())))
        plain = "".join(c for c in bare if c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        prefix = plain[:2]
        if prefix == "EL":
            prefix, number = "GR", plain[2:]
        elif prefix == "XI" or prefix in self.field_map.iso_countries:
            number = plain[2:]
            if prefix in TAX_COUNTRY and TERRITORY_RULES[prefix](number):
                prefix = TAX_COUNTRY[prefix]
        else:
            prefix, number = TAX_COUNTRY.get(country or "", country or ""), plain
        if not any(c.isdigit() for c in plain):
            return None
        number = national(prefix, number)
        if len(number) < self.settings.min_tax_length or len(set(number)) == 1:
            return None
        return prefix + number

    def reasons(self, key_type: str, value: str) -> list[str]:
        """Why seeds list the value: a placeholder, a relay, our own. None when a row allows it."""
        mine = self.field_map.ignored_keys
        if any(
            row["match_type"] == "allowed" and lower(row["key_value"]) == value.lower()
            for row in mine
            if row["key_type"] == key_type
        ):
            return []
        found = []
        for row in [*mine, *self.field_map.placeholder_keys]:
            if row["key_type"] != key_type:
                continue
            listed, match = lower(row["key_value"]), row["match_type"]
            local, _, domain = value.lower().partition("@")
            if (
                (match == "exact" and value.lower() == listed)
                or (match == "number" and value[2:] == listed)
                or (match == "prefix" and value.lower().startswith(listed))
                or (match == "local_part" and local == listed and domain)
                or (match == "domain" and (domain == listed or domain.endswith("." + listed)))
            ):
                found.append(row.get("reason") if row not in mine else IGNORED)
        return [str(reason) for reason in found]

    def guest_email(self, written: str | None) -> str | None:
        """The address that identifies a guest: alphabetically the first valid key."""
        return min(self.values("email", written, None), default=None) if written else None


def name_address(name: str | None, postal_code: str | None, country: str | None) -> str | None:
    """Normalised name, postal code and country; None when one of them is missing."""
    if not (name and postal_code and country):
        return None
    spelled = unicodedata.normalize("NFKD", name.lower().translate(str.maketrans("øłß", "ol ")))
    plain = "".join(c for c in spelled if not unicodedata.combining(c))
    words = re.findall(r"[a-z0-9]+", plain)
    short = "".join(word for word in words if not LEGAL_FORMS.fullmatch(word))
    code = "".join(re.findall(r"[a-z0-9]+", postal_code.lower()))
    return f"{short}|{code}|{country}" if short and code else None


@dataclass
class Subject:
    """A party with orders and, per row of the field map, its key values."""

    key: str
    kind: str
    orders: list[Order] = field(default_factory=list)
    # match_key_id → {key value: is it the subject's own, not the buyer's account}
    keys: dict[str, dict[str, bool]] = field(default_factory=dict)
    # every field as written: (name, text, country), whether or not a key reads it
    written: set[tuple[str, str, str | None]] = field(default_factory=set)
    name: str | None = None

    @property
    def platform(self) -> str:
        return self.orders[0].platform


def subject_of(order: Order, keys: Keys) -> tuple[str | None, str]:
    """(subject key, kind) of an order: company, account, guest or unidentifiable."""
    if order.company_key:
        return order.company_key, "company"
    if order.account_key:
        return order.account_key, "account"
    guest = keys.guest_email(order.email)
    if guest:
        return f"{order.platform}:{order.instance}:guest:{guest}", "guest"
    return None, "unidentifiable"


def active_rows(field_map: FieldMap) -> list[dict[str, str | None]]:
    """The active match keys."""
    return [row for row in field_map.match_keys if truth(row["is_active"])]


def find_subjects(orders: list[Order], field_map: FieldMap, keys: Keys) -> dict[str, Subject]:
    """All subjects of the orders with all their key values."""
    subjects: dict[str, Subject] = {}
    fields_of_entity: dict[str, set[tuple[str, str, str | None]]] = {}
    for order in orders:
        subject_key, kind = subject_of(order, keys)
        order.facts["subject"], order.facts["kind"] = subject_key, kind
        if subject_key:
            subjects.setdefault(subject_key, Subject(subject_key, kind)).orders.append(order)
        entities = {
            "order": order.key,
            "account": order.account_key,
            "company": order.company_key,
        }
        for level, name, value, country in order.fields:
            if entities[level]:
                fields_of_entity.setdefault(str(entities[level]), set()).add((name, value, country))
    for subject in subjects.values():
        _gather_keys(subject, fields_of_entity, field_map, keys)
        newest = max(subject.orders, key=lambda order: (str(order.ordered_at or ""), order.key))
        subject.name = newest.company_name or newest.person_name or newest.email
    return subjects


def _gather_keys(
    subject: Subject,
    fields_of_entity: dict[str, set[tuple[str, str, str | None]]],
    field_map: FieldMap,
    keys: Keys,
) -> None:
    found: set[tuple[str, str, str | None, bool]] = set()
    for order in subject.orders:
        country = order.facts["country"]
        for entity, is_own in (
            (order.key, True),
            (order.account_key, order.company_key is None),
            (order.company_key, True),
        ):
            for name, value, spelled in fields_of_entity.get(str(entity), set()):
                found.add((name, value, field_map.country(spelled) or country, is_own))
        party = order.company_id or order.account_id
        if party:
            subject_id = f"{order.platform}:{order.instance}:{party}"
            found.add(("subject.id", subject_id, country, False))
        for name in (order.company_name, order.person_name):
            address = name_address(name, order.postal_code, country)
            if address:
                found.add(("subject.name_address", address, country, True))
    subject.written = {(name, value, country) for name, value, country, _ in found}
    for row in active_rows(field_map):
        if row["platform"] not in ("*", subject.platform):
            continue
        for name, value, country, is_own in found:
            if not _is_field(str(row["source_field"]), name):
                continue
            for key_value in keys.values(lower(row["key_type"]), value, country):
                held = subject.keys.setdefault(str(row["match_key_id"]), {})
                held[key_value] = held.get(key_value, False) or is_own


def _is_field(wanted: str, name: str) -> bool:
    if wanted.startswith("*."):
        return name.split(".")[1] == wanted[2:]
    return name == wanted


@dataclass
class Holder:
    """A D365 customer or a Dataverse row: where it is, and its key values per row of the map."""

    key: str
    system: str
    instance: str
    erp_code: str
    legal_entity_id: str | None
    customer_id: str | None
    party_number: str | None
    name: str | None
    is_blocked: bool
    country: str | None
    postal_code: str | None
    record: Row
    further_emails: list[str] = field(default_factory=list)
    keys: dict[str, set[str]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def account(self) -> str:
        """Its account as an ERP compares it."""
        return f"{self.system}:{self.instance}:{self.erp_code}:{lower(self.customer_id)}"


def find_d365_customers(extracts: Extracts, field_map: FieldMap, keys: Keys) -> list[Holder]:
    """Every customer of the customer masters with its key values."""
    holders = []
    for row in extracts.rows("d365_fo", "customers"):
        code = lower(row["dataAreaId"])
        account = str(row["CustomerAccount"])
        person = f"{row.get('PersonFirstName') or ''} {row.get('PersonLastName') or ''}"
        holders.append(
            Holder(
                key=f"fo:{row['_instance']}:{code}:{account}",
                system="fo",
                instance=row["_instance"],
                erp_code=code,
                legal_entity_id=field_map.entity_of("fo", code),
                customer_id=account,
                party_number=blank(row.get("PartyNumber")),
                name=first(row.get("OrganizationName"), person, row.get("NameAlias")),
                is_blocked=enum(row.get("OnHoldStatus")) in HOLDS,
                country=field_map.master_country(
                    first(
                        row.get("AddressCountryRegionISOCode"),
                        row.get("AddressCountryRegionId"),
                    ),
                    "fo",
                    code,
                ),
                postal_code=blank(row.get("AddressZipCode")),
                record=row["_record"],
                further_emails=[
                    str(address["Locator"])
                    for address in extracts.rows("d365_fo", "customer_electronic_addresses")
                    if lower(address["dataAreaId"]) == code
                    and lower(address["CustomerAccount"]) == lower(account)
                    and blank(address.get("Locator"))
                ],
            )
        )
    for row in extracts.rows("d365_bc", "customers"):
        code = row["_instance"].lower()
        number = first(row.get("number"), row["id"])
        holders.append(
            Holder(
                key=f"bc:{row['_instance']}:{code}:{number}",
                system="bc",
                instance=row["_instance"],
                erp_code=code,
                legal_entity_id=field_map.entity_of("bc", code),
                customer_id=number,
                party_number=None,
                name=blank(row.get("displayName")),
                is_blocked=enum(row.get("blocked")) in BLOCKS
                or truth(row.get("privacyBlocked")) is True,
                country=field_map.master_country(row.get("country"), "bc", code),
                postal_code=blank(row.get("postalCode")),
                record=row["_record"],
            )
        )
    for holder in holders:
        gather_holder_keys(holder, field_map, keys)
    return holders


def gather_holder_keys(holder: Holder, field_map: FieldMap, keys: Keys) -> None:
    """Add the key values of every active row of the map that reads this system."""
    for row in active_rows(field_map):
        if lower(row["d365_system"]) not in ("*", holder.system):
            continue
        name, country = str(row["d365_field"]), holder.country
        if name == "name_address":
            written = [name_address(holder.name, holder.postal_code, country)]
        elif name == "CustomerElectronicAddresses.Locator":
            written, country = list(holder.further_emails), None
        else:
            written = [blank(holder.record.get(name))]
        for value in written:
            for key_value in keys.values(lower(row["key_type"]), value, country) if value else []:
                holder.keys.setdefault(str(row["match_key_id"]), set()).add(key_value)
