"""Check digits and formats of the tax ids of commerce customers (python-stdnum).

A wrong number keeps its key and is flagged.

Grain: one distinct tax id key value (ISO prefix and number). Columns: ``tax_id``,
``is_tax_id_valid`` (NULL: no rule is known for the country, or the number has no country). Source:
``int_subject_keys``.
"""

import pyarrow as pa
import stdnum
from stdnum.exceptions import ValidationError

SCHEMA = pa.schema([("tax_id", pa.string()), ("is_tax_id_valid", pa.bool_())])
MODULE_OF_PREFIX = {"XI": "gb"}  # Northern Ireland numbers follow the rule of the United Kingdom
NUMBER_KINDS = ("vat", "tin", "businessid")
WHOLE = {"CH": "CHE{}MWST", "NO": "NO{}MVA"}  # a key is without what their rules read


def is_valid(tax_id: str) -> bool | None:
    """Return whether the number passes a rule of its country; None when there is no rule."""
    prefix, number = tax_id[:2], tax_id[2:]
    if not (prefix.isascii() and prefix.isalpha()):
        return None
    country = MODULE_OF_PREFIX.get(prefix, prefix.lower())
    modules = [
        module
        for kind in NUMBER_KINDS
        if (module := stdnum.get_cc_module(country, kind)) is not None
    ]
    if not modules:
        return None
    texts = (number, prefix + number, WHOLE.get(prefix, "{}").format(number))
    return any(passes(module, text) for module in modules for text in texts)


def passes(module: object, number: str) -> bool:
    """Return whether one stdnum module accepts the number."""
    try:
        module.validate(number)
    except ValidationError:
        return False
    return True


def validated(tax_ids: list[str]) -> pa.Table:
    """Return one row per tax id with its validity."""
    return pa.Table.from_pydict(
        {"tax_id": tax_ids, "is_tax_id_valid": [is_valid(tax_id) for tax_id in tax_ids]},
        schema=SCHEMA,
    )


def model(dbt, session) -> pa.Table:
    """Run by dbt: distinct tax ids in, their validity out."""
    keys = dbt.ref("int_subject_keys").filter("key_type = 'tax_id'")
    tax_ids = keys.project("key_value").distinct().to_arrow_table()
    return validated(sorted(tax_ids.column(0).to_pylist()))
