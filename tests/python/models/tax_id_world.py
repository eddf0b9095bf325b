"""Valid tax ids of every country that python-stdnum knows, and how people write them.

Grain: one number of a country. The numbers come from the doctests of the modules and from digits
drawn until the module accepts them; their one form is that of the module's ``compact``.
"""

from __future__ import annotations

import pkgutil
import random
import re
from types import ModuleType

import stdnum

KINDS = ("vat", "tin")
PER_COUNTRY = 12
PREFIX = {"GR": "EL", "MC": "FR", "IM": "GB"}
LABEL = {
    "DE": "USt-IdNr.", "AT": "UID:", "FR": "TVA intracommunautaire :", "IT": "Partita IVA",
    "ES": "N.I.F.", "PL": "NIP", "DK": "CVR-nr.", "NO": "Org nr", "SE": "Org.nr:", "GB": "VAT Reg No:",
    "BE": "BTW", "NL": "KvK", "PT": "NIF", "AU": "ABN", "IN": "GST", "US": "EIN", "BR": "CNPJ", "AR": "CUIT",
}  # fmt: skip
GLUED = (
    "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)
SUFFIX = {"NO": " MVA", "CH": " MWST"}


def countries() -> dict[str, ModuleType]:
    """Return the module of tax ids by ISO country, one of them a territory."""
    codes = [module.name.rstrip("_") for module in pkgutil.iter_modules(stdnum.__path__)
             if module.ispkg and module.name not in ("eu", "iso7064")]  # fmt: skip
    found = {code.upper(): [stdnum.get_cc_module(code, kind) for kind in KINDS] for code in codes}
    modules = {code: [one for one in listed if one is not None] for code, listed in found.items()}
    modules["IM"] = modules["GB"]
    return {code: listed[0] for code, listed in modules.items() if listed}


def examples(module: ModuleType) -> list[str]:
    """Return the valid numbers of the module's doctest, compact."""
    texts = re.findall(
        r"(?:validate|is_valid|format)\(u?['\"]([^'\"]+)['\"]\)", module.__doc__ or ""
    )
    return sorted({module.compact(text) for text in texts if module.is_valid(text)})


def valid_numbers(country: str, module: ModuleType) -> list[str]:
    """Return different valid numbers of a module, without the prefix of the country."""
    dice = random.Random(country)
    found = set(examples(module))
    shapes = sorted(found)
    for _ in range(200_000):
        if len(found) >= PER_COUNTRY or not shapes:
            break
        shape = list(dice.choice(shapes))
        places = [at for at, letter in enumerate(shape) if letter.isdigit()]
        for at in dice.sample(places, min(4, len(places))):
            shape[at] = str(dice.randrange(10))
        if places and dice.random() < 0.3:
            shape[places[0]] = "0"
        text = "".join(shape)
        if module.is_valid(text):
            found.add(module.compact(text))
    prefixes = (country, PREFIX.get(country, country))
    return sorted({text[2:] if text[:2] in prefixes else text for text in found})


def grouped(text: str, sign: str, size: int) -> str:
    """Return the text in groups of that many characters."""
    return sign.join(text[at : at + size] for at in range(0, len(text), size))


def ways(country: str, number: str) -> dict[str, str]:
    """Return the number as people write it, by the name of the habit."""
    prefix = PREFIX.get(country, country)
    written = {
        "as it is": number,
        "prefix": prefix + number,
        "prefix and blank": f"{prefix} {number}",
        "prefix and hyphen": f"{prefix}-{number}",
        "lower case": (prefix + number).lower(),
        "blanks": f"{prefix} {grouped(number, '-', 3)}",
        "dots": grouped(number[::-1], ".", 3)[::-1],
        "hyphens": grouped(number, "-", 4),
        "slashes": f"{prefix}{grouped(number, '-', 3)}",
        "no-break blanks": grouped(number, "\u00a0", 3),
        "label": f"VAT No. {prefix}{number}",
        "label without prefix": f"Tax ID: {number}",
        "own label": f"{LABEL.get(country, 'VAT')} {prefix}{number}",
        "quote": f"'{number}",
        "full width": number.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}),
    }
    if country in GLUED:
        written |= {
            "word without blank": f"VATNR.{prefix}{number}",
            "word and number": f"vatid{prefix} {grouped(number, '-', 3)}",
        }
    if country in PREFIX:
        written |= {"ISO code": country + number, "ISO code and blank": f"{country} {number}"}
    if country in SUFFIX:
        written |= {"suffix": number + SUFFIX[country], "all": prefix + number + SUFFIX[country]}
    if country == "AT":
        written |= {"fixed letter": number.removeprefix("U")}
    if country == "CH":
        written |= {
            "fixed letter": number.removeprefix("E"),
            "CHE": f"CHE-{number.removeprefix('E')}",
        }
    if number.isdigit():
        written["float"] = number + ".0"
        zeros = len(number) - len(number.lstrip("0"))
        if 1 <= zeros <= 2:
            written |= {
                "zeros dropped": number[zeros:],
                "zeros dropped, prefix": prefix + number[zeros:],
            }
    return written
