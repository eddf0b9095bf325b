"""Key texts that a library spells in one way: the domain of an e-mail address in ASCII (IDNA 2008,
UTS 46), and a tax id as its country writes it (python-stdnum).

Grain: one distinct canonical text and country whose spelling may differ from it. Column
``spelled_text``: NULL when the domain is not a valid name; such an address is no key. A tax id that
passes no rule of its country in any form keeps the form that it has. Source: ``int_key_fields``.
"""

import re

import idna
import pyarrow as pa
import stdnum

SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("key_type", "canonical_text", "country_code", "spelled_text")]
)
NUMBER_KINDS = ("vat", "tin", "businessid")
TERRITORIES = {"IM": "GB", "MC": "FR"}  # have numbers of another country
TAX_COUNTRY = {"EL": "GR", "XI": "GB", **TERRITORIES}
# what people write around the number (Norway, Switzerland), and the lengths that leading zeros fill
# where a check digit says that it is the number (the United States have none)
AROUND = {"NO": "MVA$", "CH": "^E|(MWST|TVA|IVA|TPV|VAT)$"}
DIGITS = {
    "AT": (8,), "AU": (11,), "AZ": (10,), "BE": (10,), "BG": (9, 10), "BR": (14,), "CA": (9,),
    "CH": (9,), "CL": (9,), "CO": (10,), "CY": (8,), "CZ": (8, 9, 10), "DE": (9,), "DK": (8,),
    "DO": (9, 11), "EC": (13,), "EE": (9,), "FI": (8,), "FR": (11,), "GB": (9,), "GN": (9,),
    "GR": (9,), "HR": (11,), "HU": (8,), "ID": (15,), "IE": (7,), "IT": (11,), "LT": (9, 12),
    "LU": (8,), "LV": (11,), "MA": (15,), "ME": (8,), "MK": (13,), "MT": (8,), "MZ": (9,),
    "NL": (9,), "NO": (9,), "NZ": (9,), "PL": (10,), "PT": (9,), "PY": (9,), "RS": (9,),
    "RU": (10, 12), "SE": (12,), "SI": (8,), "SK": (10,), "SV": (14,), "TH": (13,), "TR": (10,),
    "TW": (8,), "UY": (12,), "VN": (10, 13), "ZA": (10,),
}  # fmt: skip
MOST_ZEROS = 2  # that a spreadsheet drops: a shorter text is another number
LETTER = {"AT": "U"}  # before the digits
WHOLE = {"CH": "CHE{}MWST", "NO": "NO{}MVA"}  # what their rules read


def ascii_address(address: str) -> str | None:
    """Return the address with its domain in ASCII, or None when IDNA does not allow the name."""
    local, _, domain = address.partition("@")
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii').lower()}"
    except idna.IDNAError:
        return None


def passes(country: str, *texts: str) -> bool:
    """Return whether a rule of the country accepts one of the texts."""
    modules = [stdnum.get_cc_module(country.lower(), kind) for kind in NUMBER_KINDS]
    return any(module.is_valid(text) for module in modules if module for text in texts)


def is_number(country: str, number: str) -> bool:
    """Return whether a rule of the country accepts the number, with or without the prefix."""
    return passes(country, number, WHOLE.get(country, country + "{}").format(number))


def spelled_tax_id(text: str, country: str | None) -> str:
    """Return the tax id in the one form of its country; a prefix that is written stays."""
    written = text[:2] if text[:2].isalpha() else ""
    prefix = written if TAX_COUNTRY.get(written, written) in DIGITS else ""
    tax_country = TAX_COUNTRY.get(prefix or country or "", prefix or country or "")
    if tax_country not in DIGITS:
        return text
    number = re.sub(AROUND.get(tax_country, "^$"), "", text[len(prefix) :])
    number = re.sub(AROUND.get(tax_country, "^$"), "", number)
    match = re.fullmatch(r"([A-Z]*)([0-9]+)([A-Z]?[A-Z0-9]*)", number)
    if match is None:
        return text
    before, digits, after = match.groups()
    lengths = [one for one in DIGITS[tax_country] if one - MOST_ZEROS <= len(digits) <= one]
    if not lengths or len(set(digits)) == 1:
        return text
    before = before or LETTER.get(tax_country, "")
    filled = {before + digits.zfill(length) + after for length in lengths}
    valid = {one for one in filled if is_number(tax_country, one)}
    if len(valid) == 1:
        return prefix + valid.pop()
    return prefix + number if number.isdigit() and is_number(tax_country, number) else text


def owner(text: str, country: str | None, prefixes: frozenset[str]) -> str | None:
    """Return the country of a number that only begins like a prefix: that of its holder where the
    rule of the other country rejects it, or the one that it begins like (RFC MXN010101AB1)."""
    written, home = text[:2], TAX_COUNTRY.get(country or "", country or "")
    rule = TAX_COUNTRY.get(written, written)
    if written not in prefixes | TAX_COUNTRY.keys() or rule in WHOLE:
        return None
    if rule != home and home and not is_number(rule, text[2:]) and passes(home, text):
        return home
    return written if not passes(rule, text[2:]) and passes(rule, text) else None


def spelled_number(text: str, country: str | None, prefixes: frozenset[str]) -> str:
    """Return the tax id in its one form: a number of a territory has the prefix of its country."""
    if home := owner(text, country, prefixes):
        return home + text
    text = spelled_tax_id(text, country)
    tax_country = TERRITORIES.get(text[:2])
    return tax_country + text[2:] if tax_country and is_number(tax_country, text[2:]) else text


def spelled(
    rows: list[tuple[str, str, str | None]], prefixes: frozenset[str] = frozenset()
) -> pa.Table:
    """Return one row per key type, canonical text and country: with its spelling. `prefixes`: the
    ISO codes that a number may begin with."""
    return pa.Table.from_pylist(
        [
            {
                "key_type": key_type,
                "canonical_text": text,
                "country_code": country,
                "spelled_text": ascii_address(text)
                if key_type == "email"
                else spelled_number(text, country, prefixes),
            }
            for key_type, text, country in rows
        ],
        schema=SCHEMA,
    )


def model(dbt, session) -> pa.Table:
    """Run by dbt: distinct texts that a library spells in, their spelling out."""
    fields = dbt.ref("int_key_fields").project("key_type, canonical_text, country_code")
    foreign = fields.filter(
        "key_type = 'email' and split_part(canonical_text, '@', 3) = ''"
        " and strlen(canonical_text) > length(canonical_text)"
        " and regexp_matches(split_part(canonical_text, '@', 2), '[^ -~]')"
    )
    countries = "('" + "', '".join([*DIGITS, *TAX_COUNTRY]) + "')"
    tax_ids = fields.filter(
        "key_type = 'tax_id' and regexp_matches(canonical_text, '[0-9]')"
        f" and (country_code in {countries} or left(canonical_text, 2) in {countries}"
        " or regexp_matches(canonical_text, '^[A-Z]{2}') and (left(canonical_text, 2) is distinct"
        " from country_code or regexp_matches(canonical_text, '^[A-Z]{3}')))"
    )
    prefixes = dbt.ref("iso_countries").project("country_code").fetchall()
    rows = sorted(foreign.union(tax_ids).distinct().fetchall(), key=str)
    return spelled(rows, frozenset(code for (code,) in prefixes))
