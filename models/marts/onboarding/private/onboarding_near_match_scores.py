"""Near matches: who in D365 is probably an absent customer, by probabilistic linkage (Splink).

Grain: one absent customer and D365 customer with a score of at least ``MINIMUM_SCORE``, at most
``MAX_PER_CUSTOMER`` a customer. Columns: ``customer_id``, ``d365_customer_key``, ``score`` (match
probability, 0 to 1), ``driven_by`` (the agreements that drove it, strongest first), ``score_rank``
(1 = best). Only records that share a rare value leave the database. A hint: no count reads it.
Words and parameters are in ``_near_matches__models.yml``; nothing is trained at run time.
"""

import logging
from importlib.util import find_spec
from string import Template
from typing import Any

import duckdb
import pyarrow as pa

TYPES = {"customer_id": pa.string(), "d365_customer_key": pa.string(), "score": pa.float64()}
SCHEMA = pa.schema(TYPES | {"driven_by": pa.string(), "score_rank": pa.int32()})
NOT_INSTALLED = "Near matches are not scored: splink is not installed (make setup installs it)."
MINIMUM_SCORE = 0.5
MAX_PER_CUSTOMER = 5
BLOCKS = ("name_words", "longest_word", "company_domain", "own_local", "tax_head", "tax_tail")
BLOCKS += ("postal_code", "city_and_name", "phone_tail")
# a letter of Latin for each of another script, for DuckDB counts the typos of a text in bytes
LETTERS = (
    "'øłđðþæœıабвгдежзиклмнопрстуфхцчшщыэюяієґαβγδεζηθικλμνξοπρσςτυφχψωьъ', "
    "'olddtaoiabvgdezziklmnoprstufhccssyeuaiegavgdezitiklmnxoprsstyfhpo'"
)
NO_WORD = r"[^\p{L}\p{N}]+"
# A value of more than 1,000 D365 customers is no block, a domain of more than 5 D365 names a mail
# provider's. Shares are those of a master of 10,000 at least; an address is never rarer than 0.03
# in its place, and a place has 10 other customers at least. near: who shares a block with the other
# side; kept: who shares a rare one. tf_*: share of the D365 customers with the value.
COMPARED = Template(r"""
with words as (
    select row_number() over () as record_id, side, holder_key, holder_name, email, phone,
        country_code, street, $name_words as words,
        regexp_replace(tax_id, '[^0-9]', '', 'g') as digits,
        split_part(email, '@', 1) as email_local, split_part(email, '@', 2) as email_domain,
        nullif(regexp_replace(strip_accents(lower(city)), '[^\p{L}]+', '', 'g'), '') as city,
        nullif(upper(regexp_replace(postal_code, '[^A-Za-z0-9]', '', 'g')), '') as postal_code
    from records
), cleaned as materialized (
    select * exclude (words, digits, phone, holder_name),
        case when len(words) = 2 and not contains(holder_name, ',')
            then words[if($is_family_first, 2, 1)] end as given_name,
        nullif(array_to_string(list_sort(words), ' '), '') as name_words,
        nullif(array_to_string(words, ''), '') as name_letters,
        nullif(list_reduce(list_sort(words), lambda longest, word:
            if(length(word) > length(longest), word, longest), ''), '') as longest_word,
        case when not $is_provider then nullif(regexp_extract(email_domain,
            '([^.]+)[.](?:(?:co|com|org|net|ac|gov|edu)[.])?[^.]+$$', 1), '') end as company_domain,
        case when length(email_local) >= 5 and not $is_role then email_local end as own_local,
        case when length(digits) >= 6 and trim(digits, digits[1]) != '' then digits end
            as tax_digits,
        left(tax_digits, 5) as tax_head, right(tax_digits, 5) as tax_tail,
        city || ' ' || left(name_words, 4) as city_and_name, coalesce(postal_code, city) as place,
        case when length(phone) >= 8 and trim(phone, phone[1]) != '' then right(phone, 8) end
            as phone_tail
    from words
), held as (
    unpivot (select record_id, side, holder_key, name_words as name, $blocks from cleaned)
        on $blocks into name block value value
), shared as materialized (
    select * from held
    semi join (select * from held where side = 'commerce') as asked using (block, value)
), rare as (
    select block, value from shared group by block, value
    having count(case when side = 'd365' then 1 end) > 0 and case block when 'company_domain'
        then count(distinct case when side = 'd365' then name end) <= 5
        else count(distinct case when side = 'd365' then holder_key end) <= 1000 end
), kept as materialized (
    select record_id, $block_columns from shared semi join rare using (block, value)
    group by record_id
), compared as materialized (select * from cleaned inner join kept using (record_id)),
near as materialized (
    select side, holder_key, place, record_id,
        nullif(array_to_string(list_sort($street_words), ' '), '') as street_words
    from cleaned where record_id in (select record_id from compared)
        or place in (select place from compared) and record_id in (select record_id from shared)
), places as (
    select place, count(distinct holder_key) as place_holders
    from near where side = 'd365' group by place
), addresses as (
    select place, street_words, count(distinct holder_key) as address_holders
    from near where side = 'd365' group by place, street_words
), master as (
    select 1 / greatest(count(distinct holder_key), 10000) as prior
    from cleaned where side = 'd365'
)
select compared.* exclude (street), near.street_words, prior, $shares,
    string_split(name_words, ' ') as name_list,
    regexp_replace(street, '[^0-9]', '', 'g') as street_number,
    regexp_replace(strip_accents(lower(street)), '[^\p{L}]+', '', 'g') as street_letters,
    nullif(list_distinct(list_transform(range(1, length(street_letters)),
        lambda start: street_letters[start:start + 1])), []) as street_pairs,
    greatest((coalesce(address_holders, 0) - 1) / (coalesce(place_holders, 0) - 1 + 10), 0.03)
        as tf_street_words
from compared cross join master left join near using (record_id)
left join places on compared.place = places.place
left join addresses
    on compared.place = addresses.place and near.street_words = addresses.street_words
""")
SHARE = """coalesce((select count(distinct holder_key) from cleaned
    where cleaned.side = 'd365' and cleaned.{0} = compared.{0}), 1)"""
# A customer with two e-mails is two records: the best record speaks for the customer.
BEST = """
    select holder_key_l as customer_id, holder_key_r as d365_customer_key,
        round(max(match_probability), 4) as score,
        max_by({driven_by}, (match_weight, {driven_by})) as driven_by,
        row_number() over (partition by customer_id order by score desc, d365_customer_key)
            as score_rank
    from {pairs} group by customer_id, d365_customer_key
    qualify score_rank <= {limit} order by customer_id, score_rank
"""


def words_of(column: str, dropped: str) -> str:
    """Return the SQL of the words of a text: lower case, accents folded, Cyrillic and Greek in
    Latin letters, none of `dropped`."""
    folded = f"translate(strip_accents(replace(lower({column}), 'ß', 'ss')), {LETTERS})"
    folded = f"if(strlen({column}) = length({column}), lower({column}), {folded})"
    words = f"string_split(regexp_replace({folded}, '{NO_WORD}', ' ', 'g'), ' ')"
    return f"list_filter({words}, lambda word: word != '' and not {is_one_of('word', dropped)})"


def is_one_of(value: str, words: str) -> str:
    """Return the SQL that is true for one of the words (with a blank between them)."""
    return f"contains(' {words} ', ' ' || {value} || ' ')"


def compared(records: duckdb.DuckDBPyRelation, words: dict[str, str]) -> pa.Table:
    """Return what is compared. `records`: onboarding_near_match_records, all text.
    `words`: legal_forms, family_name_first, mail_providers, role_local_parts, street_words."""
    shares = ("name_words", "email_domain", "phone_tail", "city")
    query = COMPARED.substitute(
        name_words=words_of("holder_name", words["legal_forms"]),
        street_words=words_of("street", words["street_words"]),
        is_provider=is_one_of("email_domain", words["mail_providers"]),
        is_family_first=is_one_of("country_code", words["family_name_first"]),
        is_role=is_one_of("email_local", words["role_local_parts"]),
        blocks=", ".join(BLOCKS),
        block_columns=", ".join(
            f"max(case when block = '{block}' then value end) as block_{block}" for block in BLOCKS
        ),
        shares=", ".join(f"greatest({SHARE.format(c)}, 1) * prior as tf_{c}" for c in shares),
    )
    return records.query("records", query).to_arrow_table()


def comparison(
    name: str, column: str, levels: list[dict[str, Any]], silent_where: str = "false"
) -> dict[str, Any]:
    """Return one comparison as Splink writes it; what one side lacks says nothing."""
    silent = f"{column}_l is null or {column}_r is null or {silent_where}"
    known = [{"sql_condition": silent, "is_null_level": True}]
    for level in levels:
        chances = {"m_probability": level["m"], "u_probability": level["u"]}
        if "frequency_of" in level:
            chances["tf_adjustment_column"] = level["frequency_of"]
            chances["disable_tf_exact_match_detection"] = True
        known.append({"sql_condition": level["condition"], **chances})
    return {"output_column_name": name, "comparison_levels": known}


def driven_by(comparisons: list[dict[str, Any]]) -> str:
    """Return the SQL that names the agreements of a scored pair, the strongest first."""
    cases = ", ".join(
        f"case when gamma_{item['name']} = {number} then"
        f" struct_pack(weight := mw_{item['name']}, words := '{level['words']}') end"
        for item in comparisons
        for number, level in enumerate(reversed(item["levels"]))
        if "words" in level
    )
    agreements = f"list_reverse_sort(list_filter([{cases}], lambda level: level is not null))"
    return f"array_to_string(list_transform({agreements}, lambda level: level.words), '; ')"


def scored(near: pa.Table, comparisons: list[dict[str, Any]]) -> pa.Table:
    """Return the near matches among what is compared."""
    if near.num_rows == 0:
        return SCHEMA.empty_table()
    from splink import DuckDBAPI, Linker

    settings = {
        "link_type": "link_only",
        "unique_id_column_name": "record_id",
        "probability_two_random_records_match": near["prior"][0].as_py(),
        "comparisons": [comparison(**item) for item in comparisons],
        "blocking_rules_to_generate_predictions": [f"l.block_{b} = r.block_{b}" for b in BLOCKS],
        "additional_columns_to_retain": ["holder_key"],
        "retain_intermediate_calculation_columns": True,
    }
    with duckdb.connect(":memory:") as connection:
        connection.register("near", near)
        api = DuckDBAPI(connection=connection)
        sides = []
        for side in ("commerce", "d365"):
            connection.execute(f"create table {side} as from near where side = '{side}'")
            sides.append(api.register(side, dataset_display_name=f"{side}_side"))
        linker = Linker(sides, settings, log_level=logging.ERROR)
        pairs = linker.inference.predict(MINIMUM_SCORE, warning_mode="never").physical_name
        best = BEST.format(driven_by=driven_by(comparisons), pairs=pairs, limit=MAX_PER_CUSTOMER)
        return connection.execute(best).to_arrow_table().select(SCHEMA.names).cast(SCHEMA)


def model(dbt, session) -> pa.Table:
    """Run by dbt: records of both sides in, near matches out."""
    records = dbt.ref("onboarding_near_match_records")
    if find_spec("splink") is None:
        logging.getLogger(__name__).warning(NOT_INSTALLED)
        return SCHEMA.empty_table()
    near = compared(records, dbt.config.meta_get("words"))
    return scored(near, dbt.config.meta_get("comparisons"))
