"""The records that may be near matches: cleaned, the D365 ones only where they share a block.

Grain: one record of ``int_near_match_records_listed``: names and streets as sorted words, e-mails
in parts, numbers as digits. A block (``block_*``) is a value by which pairs are looked for.
``tf_city``: share of the D365 customers that live there; ``prior``: chance that a pair is a match.
All in the database: the masters do not leave it.
"""

from string import Template

import duckdb

# Shares are those of a master of at least so many: what a small one holds once is not frequent.
SMALLEST_MASTER = 10_000
BLOCKS = ("name_words", "longest_word", "company_domain", "own_local", "tax_head", "tax_tail")
BLOCKS += ("postal_code", "city_and_name", "phone_tail")
NO_WORD = r"[^\p{L}\p{N}]+"
COMPARED = Template(r"""
    with split as (
        select side, holder_key, $name_words as words, email,
            split_part(email, '@', 1) as email_local, split_part(email, '@', 2) as email_domain,
            regexp_replace(tax_id, '[^0-9]', '', 'g') as digits,
            phone,
            nullif(regexp_replace(strip_accents(lower(city)), '[^\p{L}]+', '', 'g'), '') as city,
            nullif(upper(regexp_replace(postal_code, '[^A-Za-z0-9]', '', 'g')), '') as postal_code,
            country_code, street
        from records
    )
    select * exclude (words, digits, phone),
        nullif(array_to_string(list_sort(words), ' '), '') as name_words,
        nullif(array_to_string(words, ''), '') as name_letters,
        nullif(list_reduce(list_sort(words), lambda longest, word:
            if(length(word) > length(longest), word, longest), ''), '') as longest_word,
        case when not $is_provider then nullif(regexp_extract(email_domain,
            '([^.]+)[.](?:(?:co|com|org|net|ac|gov|edu)[.])?[^.]+$$', 1), '') end as company_domain,
        case when length(email_local) >= 5 and not $is_role then email_local end as own_local,
        case when length(digits) >= 6 and trim(digits, digits[1]) != '' then digits end
            as tax_digits,
        left(tax_digits, 5) as tax_head,
        right(tax_digits, 5) as tax_tail,
        city || ' ' || left(name_words, 4) as city_and_name,
        coalesce(postal_code, city) as place,
        case when length(phone) >= 8 and trim(phone, phone[1]) != '' then right(phone, 8) end
            as phone_tail
    from split
""")


def words_of(column: str, dropped: str) -> str:
    """Return the SQL of the words of a text: lower case, accents folded, none of `dropped`."""
    folded = f"strip_accents(replace(replace(lower({column}), 'ß', 'ss'), 'ø', 'o'))"
    words = f"string_split(regexp_replace({folded}, '{NO_WORD}', ' ', 'g'), ' ')"
    return f"list_filter({words}, lambda word: word != '' and not {is_one_of('word', dropped)})"


def is_one_of(value: str, words: str) -> str:
    """Return the SQL that is true for one of the words (with a blank between them)."""
    return f"contains(' {words} ', ' ' || {value} || ' ')"


def narrowed(records: duckdb.DuckDBPyRelation, words: dict[str, str]) -> duckdb.DuckDBPyRelation:
    """Return the records to look at. `records`: int_near_match_records_listed, all text.
    `words`: legal_forms, street_words, mail_providers, role_local_parts."""
    compared = COMPARED.substitute(
        name_words=words_of("holder_name", words["legal_forms"]),
        is_provider=is_one_of("email_domain", words["mail_providers"]),
        is_role=is_one_of("email_local", words["role_local_parts"]),
    )
    is_near = " or ".join(
        f"{block} in (select {block} from compared where side = 'commerce')" for block in BLOCKS
    )
    blocks = ", ".join(f"{block} as block_{block}" for block in BLOCKS)
    street = f"list_sort({words_of('street', words['street_words'])})"
    return records.query(
        "records",
        f"""
        with compared as materialized ({compared}),
        near as (select distinct * replace (nullif(array_to_string({street}, ' '), '') as street)
            from compared where side = 'commerce' or {is_near}),
        master as (select 1 / greatest(count(distinct holder_key), {SMALLEST_MASTER}) as prior
            from records where side = 'd365'),
        cities as (select city, count(distinct holder_key) as holder_count
            from compared where side = 'd365' group by city)
        select near.* rename (street as street_words), {blocks},
            coalesce(holder_count, 1) * prior as tf_city, prior
        from near cross join master left join cities using (city)
        """,
    )


def model(dbt, session) -> duckdb.DuckDBPyRelation:
    """Run by dbt: records of both sides in, those that share a block out."""
    words = dbt.config.meta_get("words")
    return narrowed(dbt.ref("int_near_match_records_listed"), words)
