"""What near matches compare: names as sorted words, e-mails in parts, tax numbers as digits.

Grain: one record of ``int_near_match_records_listed``; of the D365 side only those that share a
block with an absent customer. A block is a value by which pairs are looked for (``block_*``); one
that too many D365 customers hold is none. ``tf_*``: share of the D365 customers that hold the
value; ``prior``: chance that a pair is a match. All in the database: the masters do not leave it.
"""

from string import Template

import duckdb

# Shares are those of a master of at least so many: what a small one holds once is not frequent.
SMALLEST_MASTER = 10_000
MAX_BLOCK = 1_000  # a value of more D365 customers is too common to look there
MAX_COMPANY_DOMAIN = 5  # a domain of more D365 names is a mail provider
BLOCKS = ("name_words", "longest_word", "company_domain", "own_local", "tax_head", "tax_tail")
BLOCKS += ("postal_code",)
COMPARED = r"""
    side,
    holder_key,
    list_sort(list_filter(
        string_split(regexp_replace(
            strip_accents(replace(replace(lower(holder_name), 'ß', 'ss'), 'ø', 'o')),
            '[^\p{L}\p{N}]+', ' ', 'g'), ' '),
        lambda word: word != '' and not list_contains(string_split('$legal_forms', ' '), word)
    )) as words,
    nullif(array_to_string(words, ' '), '') as name_words,
    nullif(list_reduce(words, lambda longest, word:
        if(length(word) > length(longest), word, longest), ''), '') as longest_word,
    email,
    split_part(email, '@', 1) as email_local,
    split_part(email, '@', 2) as email_domain,
    case when not list_contains(string_split('$mail_providers', ' '), email_domain)
        then nullif(regexp_extract(email_domain,
            '([^.]+)[.](?:(?:co|com|org|net|ac|gov|edu)[.])?[^.]+$$', 1), '') end as company_domain,
    case when length(email_local) >= 5
        and not list_contains(string_split('$role_local_parts', ' '), email_local)
        then email_local end as own_local,
    regexp_replace(tax_id, '[^0-9]', '', 'g') as digits,
    case when length(digits) >= 6 and trim(digits, digits[1]) != '' then digits end as tax_digits,
    left(tax_digits, 5) as tax_head,
    right(tax_digits, 5) as tax_tail,
    nullif(upper(regexp_replace(postal_code, '[^A-Za-z0-9]', '', 'g')), '') as postal_code,
    country_code
"""


def prepared(records: duckdb.DuckDBPyRelation, words: dict[str, str]) -> duckdb.DuckDBPyRelation:
    """Return the records to compare. `records`: int_near_match_records_listed, all text.
    `words`: legal_forms, mail_providers, role_local_parts."""
    compared = Template(COMPARED).substitute(words)
    is_near = " or ".join(
        f"{block} in (select {block} from compared where side = 'commerce')" for block in BLOCKS
    )
    held = " union all ".join(
        # a company may have several D365 customers, but then they have one name
        f"select '{block}' as block, {block} as value, holder_key, name_words from near"
        f" where side = 'd365' and {block} is not null"
        for block in BLOCKS
    )
    block_columns = ", ".join(
        f"case when {block} not in (select value from common where block = '{block}')"
        f" then {block} end as block_{block}"
        for block in BLOCKS
    )
    shares = ", ".join(
        f"greatest(count(distinct case when side = 'd365' then holder_key end)"
        f" over (partition by {column}), 1) * prior as tf_{column}"
        for column in ("name_words", "email_domain")
    )
    return records.query(
        "records",
        f"""
        with compared as (select distinct * exclude (words, digits)
            from (select {compared} from records)),
        near as (select * from compared where side = 'commerce' or {is_near}),
        held as ({held}),
        common as (select block, value from held group by block, value having case block
            when 'company_domain' then count(distinct name_words) > {MAX_COMPANY_DOMAIN}
            else count(distinct holder_key) > {MAX_BLOCK} end),
        master as (select 1 / greatest(count(distinct holder_key), {SMALLEST_MASTER}) as prior
            from records where side = 'd365')
        select near.* replace (case when company_domain not in
                (select value from common where block = 'company_domain')
                then company_domain end as company_domain),
            {block_columns}, {shares}, prior
        from near cross join master
        """,
    )


def model(dbt, session) -> duckdb.DuckDBPyRelation:
    """Run by dbt: records of both sides in, what is compared out."""
    words = {
        "legal_forms": dbt.config.meta_get("legal_forms"),
        "mail_providers": dbt.config.meta_get("mail_providers"),
        "role_local_parts": dbt.config.meta_get("role_local_parts"),
    }
    return prepared(dbt.ref("int_near_match_records_listed"), words)
