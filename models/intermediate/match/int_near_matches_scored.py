"""Near matches: who in D365 is probably an absent customer, by probabilistic linkage (Splink).

Grain: one absent customer and D365 customer with a score of at least ``MINIMUM_SCORE``, at most
``MAX_PER_CUSTOMER`` a customer. Columns: ``customer_id``, ``d365_customer_key``, ``score`` (match
probability, 0 to 1), ``driven_by`` (the agreements that drove it, strongest first), ``score_rank``
(1 = best). Source: ``int_near_match_records_prepared``. Text only, no money. A hint: no count
reads it.

Every parameter is written below and explained in docs/near-matches.md; nothing is trained at run
time, so the same data gives the same scores. Without splink (optional group ``match``) the table is
empty and the build says so.
"""

import logging
from importlib.util import find_spec
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

SCHEMA = pa.schema(
    [
        ("customer_id", pa.string()),
        ("d365_customer_key", pa.string()),
        ("score", pa.float64()),
        ("driven_by", pa.string()),
        ("score_rank", pa.int32()),
    ]
)
NOT_INSTALLED = (
    "Near matches are not scored: splink is not installed (the optional group 'match'). "
    "The list stays empty; no count depends on it."
)
MINIMUM_SCORE = 0.5
MAX_PER_CUSTOMER = 5
SIDES = ("commerce", "d365")
SMALLEST_MASTER = 10_000  # the prior is that of a master of at least this many customers


class Level(NamedTuple):
    """One level of a comparison, tried from the first to the last.

    `m`: how often it is the level among matches; `u`: among other pairs. `frequency_of`: the column
    whose own frequency in the master stands in for `u`.
    """

    condition: str
    words: str
    m: float
    u: float
    frequency_of: str | None = None


SAME_LETTERS = "replace(name_words_l, ' ', '') = replace(name_words_r, ' ', '')"
ONE_SLIP = "damerau_levenshtein(name_words_l, name_words_r) <= 1 and length(name_words_l) >= 6"
TWO_SLIPS = "damerau_levenshtein(name_words_l, name_words_r) <= 2 and length(name_words_l) >= 14"
ALL_WORDS = (
    "least(length(name_words_l), length(name_words_r)) >= 6 and ("
    "list_has_all(string_split(name_words_l, ' '), string_split(name_words_r, ' ')) or "
    "list_has_all(string_split(name_words_r, ' '), string_split(name_words_l, ' ')))"
)
SAME_LOCAL_NEAR_DOMAIN = (
    "email_local_l = email_local_r and length(email_domain_l) >= 6"
    " and damerau_levenshtein(email_domain_l, email_domain_r) <= 2"
)
SAME_DOMAIN_NEAR_LOCAL = (
    "email_domain_l = email_domain_r and length(email_local_l) >= 6"
    " and damerau_levenshtein(email_local_l, email_local_r) <= 1"
    # anna75 and anna76 are two people: the slip is in a letter
    " and translate(email_local_l, '0123456789', '') != translate(email_local_r, '0123456789', '')"
)
NEAR_TAX_ID = (
    "least(length(tax_digits_l), length(tax_digits_r)) >= 7 and ("
    "damerau_levenshtein(tax_digits_l, tax_digits_r) <= 1"
    " or contains(tax_digits_l, tax_digits_r) or contains(tax_digits_r, tax_digits_l))"
)

COMPARISONS: dict[str, tuple[str, list[Level]]] = {
    "name": ("name_words", [
        Level("name_words_l = name_words_r", "same name", 0.58, 1e-4, "name_words"),
        Level(f"{SAME_LETTERS} or {ONE_SLIP} or {TWO_SLIPS}", "name with a typo", 0.26, 3e-4),
        Level(
            f"jaro_winkler_similarity(name_words_l, name_words_r) >= 0.93 or {ALL_WORDS}",
            "similar name", 0.14, 2e-3,
        ),
        Level("ELSE", "", 0.02, 0.9976),
    ]),
    "email": ("email", [
        Level("email_l = email_r", "same e-mail", 0.15, 1e-5),
        Level(
            f"({SAME_LOCAL_NEAR_DOMAIN}) or ({SAME_DOMAIN_NEAR_LOCAL})",
            "e-mail with a typo", 0.20, 3e-5,
        ),
        Level(
            "company_domain_l = company_domain_r and email_domain_l = email_domain_r",
            "other e-mail of the same company", 0.25, 1e-4, "email_domain",
        ),
        Level("company_domain_l = company_domain_r", "e-mail domain of the same name", 0.03, 1e-4),
        Level("own_local_l = own_local_r", "same e-mail name at another domain", 0.07, 4e-4),
        Level("ELSE", "", 0.30, 0.9994),
    ]),
    "tax_id": ("tax_digits", [
        Level("tax_digits_l = tax_digits_r", "same tax number", 0.75, 2e-6),
        Level(NEAR_TAX_ID, "tax number with a typo", 0.15, 2e-5),
        Level("ELSE", "", 0.10, 0.99998),
    ]),
    "postal_code": ("postal_code", [
        Level("postal_code_l = postal_code_r", "same postal code", 0.65, 2e-3),
        Level("left(postal_code_l, 3) = left(postal_code_r, 3)", "same area", 0.10, 1e-2),
        Level("ELSE", "", 0.25, 0.988),
    ]),
    "country": ("country_code", [
        Level("country_code_l = country_code_r", "", 0.97, 0.60),
        Level("ELSE", "", 0.03, 0.40),
    ]),
}  # fmt: skip


def settings(prior: float, blocks: list[str]) -> dict[str, Any]:
    """Return the Splink settings: the parameters above, the prior of a pair to be a match, and the
    columns by which pairs are looked for."""
    comparisons = []
    for name, (column, levels) in COMPARISONS.items():
        null_level = {
            "sql_condition": f"{column}_l is null or {column}_r is null",
            "is_null_level": True,
        }
        known = [
            {"sql_condition": level.condition, "m_probability": level.m, "u_probability": level.u}
            | (
                {
                    "tf_adjustment_column": level.frequency_of,
                    "disable_tf_exact_match_detection": True,
                }
                if level.frequency_of
                else {}
            )
            for level in levels
        ]
        comparisons.append({"output_column_name": name, "comparison_levels": [null_level, *known]})
    return {
        "link_type": "link_only",
        "unique_id_column_name": "record_id",
        "probability_two_random_records_match": prior,
        "comparisons": comparisons,
        "blocking_rules_to_generate_predictions": [f"l.{block} = r.{block}" for block in blocks],
        "additional_columns_to_retain": ["holder_key"],
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": True,
    }


# A customer with two e-mails is two records: the best record speaks for the customer.
BEST = """
    with best as (
        select
            holder_key_l as customer_id,
            holder_key_r as d365_customer_key,
            round(max(match_probability), 4) as score,
            max_by({driven_by}, (match_weight, {driven_by})) as driven_by
        from {pairs}
        group by customer_id, d365_customer_key
    )
    select *, row_number() over (
        partition by customer_id order by score desc, d365_customer_key
    ) as score_rank
    from best
    qualify score_rank <= {limit}
    order by customer_id, score_rank
"""


def driven_by() -> str:
    """Return the SQL that names the agreements of a scored pair, the strongest first."""
    cases = []
    for name, (_, levels) in COMPARISONS.items():
        for number, level in enumerate(reversed(levels)):
            if level.words:
                cases.append(
                    f"case when gamma_{name} = {number} then"
                    f" struct_pack(weight := mw_{name}, words := '{level.words}') end"
                )
    return (
        f"array_to_string(list_transform(list_reverse_sort(list_filter([{', '.join(cases)}],"
        " lambda level: level is not null)), lambda level: level.words), '; ')"
    )


def scored(records: duckdb.DuckDBPyRelation) -> pa.Table:
    """Return the near matches of the rows of int_near_match_records_prepared."""
    near = records.to_arrow_table()
    if set(near["side"].to_pylist()) != {"commerce", "d365"}:
        return SCHEMA.empty_table()
    from splink import DuckDBAPI, Linker

    with duckdb.connect(":memory:") as connection:
        connection.register("near", near)
        api = DuckDBAPI(connection=connection)
        for side in SIDES:
            connection.execute(
                f"create table {side} as select row_number() over () as record_id, *"
                f" from near where side = '{side}'"
            )
        prior = 1 / max(near["master_size"][0].as_py(), SMALLEST_MASTER)
        linker = Linker(
            [api.register(side, dataset_display_name=f"{side}_side") for side in SIDES],
            settings(prior, [name for name in near.column_names if name.startswith("block_")]),
            log_level=logging.ERROR,
        )
        pairs = linker.inference.predict(
            threshold_match_probability=MINIMUM_SCORE, warning_mode="never"
        )
        found = connection.execute(
            BEST.format(driven_by=driven_by(), pairs=pairs.physical_name, limit=MAX_PER_CUSTOMER)
        )
        return found.to_arrow_table().select(SCHEMA.names).cast(SCHEMA)


def model(dbt, session) -> pa.Table:
    """Run by dbt: records of both sides in, near matches out."""
    records = dbt.ref("int_near_match_records_prepared")
    if find_spec("splink") is None:
        logging.getLogger(__name__).warning(NOT_INSTALLED)
        return SCHEMA.empty_table()
    return scored(records)
