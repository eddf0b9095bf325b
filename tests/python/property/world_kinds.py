"""Kinds of input of tests/cases/README.md that a random world can have: each an option of its own.

`make fuzz KINDS=masked` switches one on, `KINDS=all` every one; without it a world has only what every
world has (world_money, world_parties). A kind draws from its own random numbers, so a world is the same
world with and without it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

from oracle_reading import instant
from stdnum.at import uid as uid_of_austria
from stdnum.be import vat as vat_of_belgium
from stdnum.ch import uid as uid_of_switzerland
from stdnum.fr import siren as siren_of_france
from stdnum.gb import vat as vat_of_britain
from stdnum.no import orgnr as orgnr_of_norway

Row = dict[str, Any]
Files = dict[tuple[str, str, str], list[Row]]
OTHER_LETTERS = "other_letters"
OLD_MASTERS = "old_masters"
FO_MASTER = ("d365_fo", "fo-prod", "customers")
CHANCE = 0.25  # of a text or record to be of a kind that is switched on


def _placeholder(_: str, rng: Random) -> str:
    return rng.choice(
        (
            "TBD",
            "tbd ",
            "NEW",
            "N/A",
            "none",
            "-",
            "0",
            "000",
            "unknown",
            "true",
            "#REF!",
            "keine",
            "9999",
        )
    )


def _tax_word(_: str, rng: Random) -> str:
    return rng.choice(("Exempt", "EXEMPT", "applied for", "n/a", "US123456789", "12345"))


def _labelled_tax_id(text: str, rng: Random) -> str:
    return rng.choice(
        (
            "VAT: {}",
            "VAT ID {}",
            "vat no. {}",
            "USt-IdNr. {}",
            "TIN {}",
            "P.IVA {}",
            "{} (EU)",
            "{} 07/09/2023",
            "{} agent",
            "{} VAT",
            "VAT{}",
            "UStIdNr{}",
        )
    ).format(text)


def _invisible(text: str, rng: Random) -> str:
    place = rng.randint(0, len(text))
    return text[:place] + rng.choice("\u200b\ufeff\u200e\u00ad\u2060") + text[place:]


def _masked(text: str, rng: Random) -> str:
    return rng.choice((f"{text[:1]}***{text[4:]}", "********", f"xxxx{text[-9:]}"))


def _relay(_: str, rng: Random) -> str:
    amazon = "marketplace.amazon"
    return rng.choice(
        (
            f"{rng.randint(1, 97)}x@{amazon}.com",
            f"no-reply-amazon-iba-buyer@{amazon}.it",
            "buyer@members.ebay.com",
            "0000123@example.com",
            "none@none.com",
        )
    )


def _written_email(text: str, rng: Random) -> str:
    return rng.choice(
        (
            f"Jo Buyer <{text}>",
            f'"Buyer, Jo" <{text}>',
            f"&lt;{text}&gt;",
            f"Jo &amp; Ben &lt;{text}&gt;",
            f"mailto:{text}",
            f'<a href="mailto:{text}">{text}</a>',
            f"<A HREF=mailto:{text}>Jo Buyer</A>",
            f"<p>{text}</p><br/>",
            f"[{text}](mailto:{text})",
            f"MAILTO:{text}",
            f"{text}.",
            f"boss@none.test, {text}",
            f"{text}\nboss@none.test",
            f"{text} (work)",
            f"Jo Buyer - {text}",
            f"mailto:{text}?subject=Order",
            f"o&#39;neil.{text}",
        )
    )


def _zeros(text: str, rng: Random) -> str:
    """An ERP number of digits; with and without zeros before it are two numbers."""
    if not re.fullmatch(r"\s*[CcDd][0-9]+\s*", text):
        return text
    number = f"7{text.strip()[1:]}"
    return rng.choice((number, number, number.zfill(6), number.zfill(10)))


def _several(text: str, rng: Random) -> str:
    """Two ERP numbers, or one with a slash; an account of a master is one however it looks."""
    return rng.choice(("{}; D1", "{}, D1;", "{}/D1", "{} / D1", "{}/2", "{}-D1")).format(
        text.strip()
    )


def _confirmed(digits: str, is_valid: Callable[[str], bool]) -> str:
    """The digits and two more, the first pair that a check digit confirms."""
    found = (f"{digits}{more:02d}" for more in range(100))
    return next(number for number in found if is_valid(number))


def _territory(text: str, rng: Random) -> str:
    """A country, or a tax id of Britain or France, with the prefix of a territory, none or theirs."""
    digits = re.sub("[^0-9]", "", text)
    if not digits:
        return rng.choice(("IM", "MC", "Isle of Man", "Monaco", "GB"))
    if int(digits) % 2:
        number = _confirmed(f"{int(digits[:7]):07d}", vat_of_britain.is_valid)
        return rng.choice(("GB{}", "IM{}", "IM {}", "{}", "{}")).format(number)
    siren = _confirmed(f"{int(digits[:7]):07d}", siren_of_france.is_valid)
    number = f"{int(f'{siren}12') % 97:02d}{siren}"
    return rng.choice(("FR{}", "MC{}", "mc {}", "{}", "{}")).format(number)


def _national_tax_id(text: str, rng: Random) -> str:
    """A country, or a number of Norway, Switzerland, Belgium or Austria as people write it."""
    digits = re.sub("[^0-9]", "", text)
    if not digits:
        return rng.choice(("NO", "CH", "BE", "AT", "Norway", "Belgium"))
    start = f"{int(digits[:7]):07d}"
    kind = int(digits) % 4
    if kind == 0:
        number = _confirmed(start, orgnr_of_norway.is_valid)
        return rng.choice(("NO{}MVA", "NO {} MVA", "NO{}", "{}", "{} mva")).format(number)
    if kind == 1:
        number = _confirmed(start, lambda one: uid_of_switzerland.is_valid(f"CHE{one}"))
        ways = ("CHE-{} MWST", "CHE{}", "CHE {} TVA", "{}", "CH{}", "CHE{}IVA")
        return rng.choice(ways).format(number)
    if kind == 2:
        number = _confirmed(start, lambda one: vat_of_belgium.is_valid(f"0{one}"))
        return rng.choice(("BE0{}", "BE {}", "0{}", "{}")).format(number)
    number = _confirmed(start[1:], lambda one: uid_of_austria.is_valid(f"U{one}"))
    return rng.choice(("ATU{}", "AT{}", "U{}", "ATU {}")).format(number)


# kind → the fields whose texts it spells, and how
TEXTS: dict[str, tuple[tuple[str, ...], Callable[[str, Random], str | None]]] = {
    "placeholder_numbers": (("external_id",), _placeholder),
    "words_as_tax_ids": (("tax_id",), _tax_word),
    "several_numbers": (("external_id", "account"), _several),
    "leading_zeros": (("external_id", "account"), _zeros),
    "labels_of_tax_ids": (("tax_id",), _labelled_tax_id),
    "tax_ids_of_territories": (("tax_id", "country"), _territory),
    "national_tax_ids": (("tax_id", "country"), _national_tax_id),
    "invisible_characters": (("email", "tax_id", "external_id"), _invisible),
    "masked": (("email", "tax_id"), _masked),
    "relays": (("email",), _relay),
    "written_emails": (("email",), _written_email),
    "withheld_emails": (("email",), lambda _, __: None),
}


def _privacy_blocked(files: Files, rng: Random) -> None:
    for row in _some(files, rng, "d365_bc", "customers"):
        row["privacyBlocked"] = rng.choice((True, "true", "Yes", 1, False))


def _null_words(files: Files, rng: Random) -> None:
    fields = (
        "PrimaryContactEmail",
        "TaxExemptNumber",
        "OnHoldStatus",
        "email",
        "taxRegistrationNumber",
    )
    for source in ("d365_fo", "d365_bc"):
        for row in _some(files, rng, source, "customers"):
            for name in fields:
                if name in row and rng.random() < 0.5:
                    row[name] = rng.choice(("NULL", "null", "(null)", "nan", "None", "n/a", "#N/A"))


def _nested_as_text(files: Files, rng: Random) -> None:
    for source in ("shopify", "bigcommerce", "adobe_commerce"):
        for resource in ("orders", "customers", "company_locations", "companies"):
            for row in _some(files, rng, source, resource):
                for name, value in row.items():
                    if isinstance(value, dict | list) and rng.random() < 0.5:
                        row[name] = json.dumps(value)


def _older_places(files: Files, rng: Random) -> None:
    for row in _some(files, rng, "shopify", "company_locations", 0.7):
        row["taxRegistrationId"] = (row.pop("taxSettings") or {}).get("taxRegistrationId")


def _later_without_version(files: Files, rng: Random) -> None:
    changes = {
        "shopify": ("updatedAt", {"displayFinancialStatus": "REFUNDED"}),
        "bigcommerce": ("date_modified", {"status_id": 5}),
        "adobe_commerce": ("updated_at", {"state": "canceled"}),
    }
    for (source, _, resource), rows in files.items():
        if source in changes and resource == "orders":
            field, change = changes[source]
            later = [row | change for row in rows if rng.random() < CHANCE]
            for row in later:
                row[field] = rng.choice((None, "", "11/04/2026"))
            rows += later


REFERENCES = {
    "sales_orders": (
        "CustomersOrderReference",
        "CustomerRequisitionNumber",
        "externalDocumentNumber",
    ),
    "free_text_invoices": ("CustomerReference", "CustomerRequisition", "ExternalInvoiceId"),
    "sales_invoices": ("externalDocumentNumber", "customerPurchaseOrderReference"),
}


def _texts_around_references(files: Files, rng: Random) -> None:
    for source in ("d365_fo", "d365_bc"):
        for resource, names in REFERENCES.items():
            for row in _some(files, rng, source, resource):
                for name in names:
                    around = rng.choice(
                        ("Web order {}", "{}-1", "{}/2", "order no. {}", "{} (web)", "1{}", "{}0")
                    )
                    row[name] = around.format(row[name]) if row.get(name) else row.get(name)


def _doubles(files: Files, rng: Random) -> None:
    references = {name for names in REFERENCES.values() for name in names}
    for (source, *_), rows in files.items():
        for place, row in enumerate(rows):
            if rng.random() < CHANCE:
                rows[place] = _as_doubles(row)
                for name in references & set(row):
                    if str(row[name]).isdigit() and source.startswith("d365"):
                        rows[place][name] = rng.choice((float(row[name]), f"{row[name]}.0"))


def _as_doubles(value: Any) -> Any:
    """The value with its whole numbers as doubles."""
    if isinstance(value, dict):
        return {name: _as_doubles(one) for name, one in value.items()}
    if isinstance(value, list):
        return list(map(_as_doubles, value))
    return float(value) if type(value) is int else value


def _other_rate_types(files: Files, rng: Random) -> None:
    for row in _some(files, rng, "d365_fo", "exchange_rates", rng.choice((0.5, 1, 1))):
        row["RateTypeName"] = rng.choice(("ECB", "Average"))


def _times_in_other_spellings(files: Files, rng: Random) -> None:
    """The same moment in the other ways of ISO 8601, or as Unix time."""
    for source, fields in (
        ("shopify", ("createdAt", "cancelledAt")),
        ("bigcommerce", ("date_created",)),
        ("adobe_commerce", ("created_at",)),
    ):
        for row in _some(files, rng, source, "orders", 0.5):
            for name in fields:
                if not (moment := instant(row.get(name))):
                    continue
                ways = ["{:%Y-%m-%dT%H:%M:%SZ}[UTC]", "{:%Y%m%dT%H%M%SZ}", "{:%Y-%m-%dt%H:%M:%Sz}",
                        "{:%Y-%m-%dT%H:%M:%S,0Z}", "{:%Y-%m-%d %H:%M:%S +0000}", str(epoch(moment)),
                        f"{epoch(moment)}000"]  # fmt: skip
                row[name] = rng.choice(ways).format(moment)


def epoch(moment: datetime) -> int:
    """Seconds since 1970 of a UTC instant."""
    return int(moment.replace(tzinfo=UTC).timestamp())


def _times_of_a_spreadsheet(files: Files, rng: Random) -> None:
    fields = {
        ("dataverse", "accounts"): ("createdon",),
        ("dataverse", "contacts"): ("createdon",),
        ("power_automate", "flow_runs"): ("starttime",),
        ("d365_fo", "exchange_rates"): ("StartDate",),
        ("d365_bc", "currency_exchange_rates"): ("startingDate",),
    }
    for (source, resource), names in fields.items():
        for row in _some(files, rng, source, resource):
            for name in names:
                row[name] = rng.choice(
                    ("4/10/2026 9:00:00 AM", "4/1/2026", "10.04.2026 09:00", "46122.375")
                )


STATUS_LABELS = ("Cancelled", "completed", "Awaiting Fulfillment", "Refunded", "Renamed")


def _labels_beside_statuses(files: Files, rng: Random) -> None:
    for row in _some(files, rng, "bigcommerce", "orders"):
        row["status_id"], row["status"] = rng.choice((None, "")), rng.choice(STATUS_LABELS)
    for row in _some(files, rng, "adobe_commerce", "orders"):
        row["state"], row["status"] = None, row.get("state")


def _lists_of_one(files: Files, rng: Random) -> None:
    """One destination without the list that it belongs in."""
    for row in _some(files, rng, "bigcommerce", "orders", 0.5):
        sent = row.get("consignments")
        shipping = sent.get("shipping") if isinstance(sent, dict) else None
        if shipping and len(shipping) == 1:
            row["consignments"], row["shipping_addresses"] = rng.choice(
                (([{"shipping": shipping[0]}], None), (shipping[0], None), (None, shipping[0]))
            )
    for row in _some(files, rng, "adobe_commerce", "orders", 0.5):
        attributes = row.get("extension_attributes") or {}
        if len(attributes.get("shipping_assignments") or []) == 1:
            one = attributes["shipping_assignments"][0]
            row["extension_attributes"] = attributes | {"shipping_assignments": one}


DELETED = " deleted"  # behind the name of a resource: in the earlier load only


def _deleted_documents(files: Files, rng: Random) -> None:
    """Documents that an earlier load had; of some, another version of it."""
    for (source, instance, resource), rows in list(files.items()):
        if source.startswith("d365") and resource in (*REFERENCES, "exchange_rates"):
            first = resource == "exchange_rates"  # a file of rates is never empty
            gone = [row for row in rows[first:] if rng.random() < CHANCE]
            rows[:] = [row for row in rows if row not in gone]
            before = [row for row in rows if rng.random() < 0.5]
            files[source, instance, resource + DELETED] = gone + before


def other_letters(parts: list[Files], rng: Random) -> None:
    """Fields of D365 and Dataverse in capitals or small letters, alike in all records of a file."""
    spells: dict[str, Callable[[str], str]] = {}
    for files in parts:
        for (source, _, resource), rows in files.items():
            if source.startswith("d365") or source == "dataverse":
                choice = rng.choice((str.upper, str.lower, str))
                spell = spells.setdefault(f"{source}.{resource}", choice)
                rows[:] = [{spell(name): value for name, value in row.items()} for row in rows]


def split_masters(parts: list[Files], rng: Random) -> set[tuple[str, str, str]]:
    """The customers of F&O in a file per company; which files of customers are days old."""
    found: set[tuple[str, str, str]] = set()
    numbers: dict[str, str] = {}
    for files in parts:
        for row in files.pop(FO_MASTER, []):
            area = next(str(row[name]) for name in row if name.lower() == "dataareaid").lower()
            part = numbers.setdefault(area, f"customers.part-{len(numbers) + 1:04d}")
            files.setdefault((*FO_MASTER[:2], part), []).append(row)
        found |= {name for name in files if name[2].startswith("customers") and "d365" in name[0]}
    return {name for name in sorted(found) if rng.random() < CHANCE}


def _codes_beyond_iso(files: Files, rng: Random) -> None:
    codes = ("XK", "xk", "AC", "TA", "AN", "UK", "ZZ")
    currencies = ("ANG", "BGN", "HRK", "JEP", "KID", "LTL", "SLL", "STD", "USDC", "VEF", "XXY")
    places = {
        "shopify": ("shippingAddress", "billingAddress"),
        "bigcommerce": ("billing_address",),
        "adobe_commerce": ("billing_address",),
    }
    names = ("countryCodeV2", "country_iso2", "country_id")
    money = ("presentmentCurrencyCode", "default_currency_code", "order_currency_code")
    for source, addresses in places.items():
        for row in _some(files, rng, source, "orders"):
            for name in addresses:
                if isinstance(row.get(name), dict):
                    known = [one for one in names if one in row[name]]
                    row[name] = row[name] | dict.fromkeys(known, rng.choice(codes))
            code = rng.choice(currencies)
            for name in money:
                if name in row and rng.random() < 0.6:
                    row[name] = code
                    for total in ("currentTotalPriceSet", "totalPriceSet"):
                        if (row.get(total) or {}).get("presentmentMoney"):
                            paid = row[total]["presentmentMoney"] | {"currencyCode": code}
                            row[total] = row[total] | {"presentmentMoney": paid}


def _some(
    files: Files, rng: Random, source: str, resource: str, chance: float = CHANCE
) -> list[Row]:
    """Some of the records, as copies in their places."""
    chosen = []
    for (one, _, name), rows in files.items():
        for place, row in enumerate(rows):
            if (one, name) == (source, resource) and rng.random() < chance:
                rows[place] = dict(row)
                chosen.append(rows[place])
    return chosen


RECORDS: dict[str, Callable[[Files, Random], None]] = {
    "privacy_blocked": _privacy_blocked,
    "null_words": _null_words,
    "later_without_version": _later_without_version,
    "older_places": _older_places,
    "texts_around_references": _texts_around_references,
    "doubles": _doubles,
    "other_rate_types": _other_rate_types,
    "codes_beyond_iso": _codes_beyond_iso,
    "times_of_a_spreadsheet": _times_of_a_spreadsheet,
    "times_in_other_spellings": _times_in_other_spellings,
    "deleted_documents": _deleted_documents,
    "labels_beside_statuses": _labels_beside_statuses,
    "lists_of_one": _lists_of_one,
    "nested_as_text": _nested_as_text,  # the last: the others read what is nested
    OLD_MASTERS: lambda _, __: None,  # of whole files: split_masters
    OTHER_LETTERS: lambda _, __: None,  # of whole files: other_letters
}
KINDS = (*TEXTS, *RECORDS)
# together: a world with old masters is of today, and most of its cards have no number
TOGETHER = tuple(kind for kind in KINDS if kind != OLD_MASTERS)


def spelled(field: str, text: str | None, kinds: frozenset[str], rng: Random) -> str | None:
    """A text of this field in one of the kinds, or as it is."""
    mine = [name for name in TEXTS if name in kinds and field in TEXTS[name][0]]
    if not (text and mine) or rng.random() >= CHANCE * (1 + len(mine)) / 2:
        return text
    return TEXTS[rng.choice(mine)][1](text, rng)


def vary(files: Files, kinds: frozenset[str], rng: Random) -> None:
    """The records of a party in the kinds, in place."""
    for name, change in RECORDS.items():
        if name in kinds:
            change(files, rng)
