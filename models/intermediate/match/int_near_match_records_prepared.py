"""What near matches compare, with how common it is.

Grain: one record of ``int_near_match_records_narrowed``. A block that too many D365 customers hold
is none; an e-mail domain that too many hold is a mail provider's. ``tf_*``: share of the D365
customers that hold the value (who holds it shares its block and is here, so here is counted);
``tf_street_words``: share of the other D365 customers of the place that live there too.
"""

import duckdb

MAX_BLOCK = 1_000  # a value of more D365 customers is too common to look there
MAX_COMPANY_DOMAIN = 5  # a domain of more D365 names is a mail provider
# An address is never rarer than this in its place; a place has at least so many other customers.
LEAST_STREET_SHARE, LEAST_PLACE = 0.03, 10


def prepared(near: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Return the records to compare. `near`: int_near_match_records_narrowed."""
    blocks = [name for name in near.columns if name.startswith("block_")]
    held = " union all ".join(
        # a company may have several D365 customers, but then they have one name
        f"select '{block}' as block, {block} as value, holder_key, name_words from near"
        f" where side = 'd365' and {block} is not null"
        for block in blocks
    )
    rare = ", ".join(
        f"case when {block} not in (select value from common where block = '{block}')"
        f" then {block} end as {block}"
        for block in blocks
    )
    holders = "count(distinct case when side = 'd365' then holder_key end) over (partition by {})"
    shares = ", ".join(
        f"greatest({holders.format(column)}, 1) * prior as tf_{column}"
        for column in ("name_words", "email_domain", "phone_tail")
    )
    at_address, in_place = holders.format("place, street_words"), holders.format("place")
    return near.query(
        "near",
        f"""
        with held as ({held}),
        common as (select block, value from held group by block, value having case block
            when 'block_company_domain' then count(distinct name_words) > {MAX_COMPANY_DOMAIN}
            else count(distinct holder_key) > {MAX_BLOCK} end)
        select * replace ({rare}), {shares},
            greatest(({at_address} - 1) / ({in_place} - 1 + {LEAST_PLACE}), {LEAST_STREET_SHARE})
                as tf_street_words
        from near
        """,
    )


def model(dbt, session) -> duckdb.DuckDBPyRelation:
    """Run by dbt: records that share a block in, what is compared out."""
    return prepared(dbt.ref("int_near_match_records_narrowed"))
