-- Grain: one absent customer and D365 customer that is probably the same, though no headline key
-- says so. A hint: presence, cards and values do not read it. is_shown: score at or above the var
-- near_match_threshold.
with

near_matches as (
    select * from {{ ref('int_near_matches_scored') }}
),

key_matches as (
    select * from {{ ref('int_customer_d365_matches_found') }}
    where key_scope = 'headline'
),

d365_customers as (
    select * from {{ ref('int_d365_customers_unioned') }}
),

unknown as (
    select
        near_matches.*,
        coalesce(d365_customers.legal_entity_id, d365_customers.erp_code) as legal_entity_id,
        d365_customers.d365_customer_id
    from near_matches
    inner join d365_customers
        on near_matches.d365_customer_key = d365_customers.d365_customer_key
    where not exists (
        select 1 from key_matches
        where key_matches.customer_id = near_matches.customer_id
            and key_matches.d365_customer_key = near_matches.d365_customer_key
    )
)

select
    cast(customer_id as string) as customer_id,
    cast(d365_customer_key as string) as d365_customer_key,
    cast(legal_entity_id as string) as legal_entity_id,
    cast(d365_customer_id as string) as d365_customer_id,
    cast(
        row_number() over (partition by customer_id order by score_rank asc) as int
    ) as match_rank,
    cast(score as decimal(5, 4)) as score,
    cast({{ var('near_match_threshold') }} as decimal(5, 4)) as shown_threshold,
    score >= {{ var('near_match_threshold') }} as is_shown,
    cast(driven_by as string) as driven_by
from unknown
