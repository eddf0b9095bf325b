"""What near matches compare: names as sorted words, e-mails in parts, tax numbers as digits.

Grain: one record of ``int_near_match_records_listed``; of the D365 side only those that share a
block with an absent customer. A block is a value by which pairs are looked for (``block_*``); one
that too many D365 customers hold is none. ``tf_*``: share of the D365 customers that hold the
value. ``master_size``: how many D365 customers there are. Text only; all in the database, no copy.
"""

import duckdb

# Shares are those of a master of at least this many customers: a name that a small master holds
# once is not a frequent name.
SMALLEST_MASTER = 10_000
MAX_BLOCK = 1_000  # a value of more D365 customers is too common to look there
MAX_COMPANY_DOMAIN = 5  # a domain of more D365 names is a mail provider
BLOCKS = (
    "name_words", "longest_word", "company_domain", "own_local", "tax_head", "tax_tail",
    "postal_code",
)  # fmt: skip
MAIL_PROVIDERS = (
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com aol.com "
    "icloud.com me.com gmx.com gmx.de gmx.net web.de t-online.de mail.com proton.me "
    "protonmail.com zoho.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net "
    "charter.net btinternet.com orange.fr wanadoo.fr free.fr laposte.net libero.it qq.com 163.com "
    "126.com naver.com mail.ru yandex.ru bigpond.com shaw.ca rogers.com sympatico.ca"
)
ROLE_LOCAL_PARTS = (
    "accounting accounts accountspayable accounts.payable bestellung billing buchhaltung buyer "
    "buying contact einkauf finance hello invoice invoices office order orders payables "
    "procurement purchase purchasing sales service support"
)
LEGAL_FORMS = (
    "inc incorporated llc llp lp ltd limited corp corporation co company gmbh ag kg mbh sa sas "
    "sarl srl spa bv nv ab as oy aps plc ulc pty the and und et y"
)
NO_LETTER = r"[^\p{L}\p{N}]+"

COMPARED = f"""
    side,
    holder_key,
    list_sort(list_filter(
        string_split(regexp_replace(
            strip_accents(replace(replace(lower(holder_name), 'ß', 'ss'), 'ø', 'o')),
            '{NO_LETTER}', ' ', 'g'
        ), ' '),
        lambda word: word != '' and not list_contains(string_split('{LEGAL_FORMS}', ' '), word)
    )) as words,
    nullif(array_to_string(words, ' '), '') as name_words,
    list_reduce(words, lambda longest, word:
        if(length(word) > length(longest), word, longest), '') as longest,
    nullif(longest, '') as longest_word,
    email,
    split_part(email, '@', 1) as email_local,
    split_part(email, '@', 2) as email_domain,
    case when not list_contains(string_split('{MAIL_PROVIDERS}', ' '), email_domain)
        then nullif(regexp_extract(
            email_domain, '([^.]+)[.](?:(?:co|com|org|net|ac|gov|edu)[.])?[^.]+$', 1
        ), '') end as company_domain,
    case when length(email_local) >= 5
        and not list_contains(string_split('{ROLE_LOCAL_PARTS}', ' '), email_local)
        then email_local end as own_local,
    regexp_replace(tax_id, '[^0-9]', '', 'g') as digits,
    case when length(digits) >= 6 and replace(digits, left(digits, 1), '') != ''
        then digits end as tax_digits,
    left(tax_digits, 5) as tax_head,
    right(tax_digits, 5) as tax_tail,
    nullif(upper(regexp_replace(postal_code, '[^A-Za-z0-9]', '', 'g')), '') as postal_code,
    country_code
"""


def prepared(records: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Return the records to compare. `records`: side (commerce, d365), holder_key, holder_name,
    email, tax_id, postal_code, country_code; all text."""
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
        f" over (partition by {column}), 1) / greatest(master_size, {SMALLEST_MASTER})"
        f" as tf_{column}"
        for column in ("name_words", "email_domain")
    )
    return records.query(
        "records",
        f"""
        with compared as (select distinct * exclude (words, longest, digits)
            from (select {COMPARED} from records)),
        near as (select * from compared where side = 'commerce' or {is_near}),
        held as ({held}),
        common as (select block, value from held group by block, value having case block
            when 'company_domain' then count(distinct name_words) > {MAX_COMPANY_DOMAIN}
            else count(distinct holder_key) > {MAX_BLOCK} end),
        master as (select count(distinct holder_key) as master_size
            from records where side = 'd365')
        select near.* replace (case when company_domain not in
                (select value from common where block = 'company_domain')
                then company_domain end as company_domain),
            {block_columns}, {shares}, master_size
        from near cross join master
        """,
    )


def model(dbt, session) -> duckdb.DuckDBPyRelation:
    """Run by dbt: records of both sides in, what is compared out."""
    return prepared(dbt.ref("int_near_match_records_listed"))
