-- Grain: one absent customer and D365 customer that is probably the same, though no headline key
-- says so, nor a person that it is not. Compare before creating a second one; no count depends on
-- it.
with

near_matches as (
    select * from {{ ref('onboarding_near_match_scores') }}
    where score >= {{ var('near_match_threshold') }}
),

key_matches as (
    select * from {{ ref('int_party_matches') }}
    where key_scope = 'headline'
),

customers as (
    select * from {{ ref('dim_commerce_customers') }}
),

d365_customers as (
    select * from {{ ref('int_erp_parties') }}
    where d365_system != 'dataverse'
)

select
    cast(near_matches.customer_id as string) as customer_id,
    customers.customer_name,
    -- the scores rank from the best, so that what is shown comes first
    cast(
        row_number() over (
            partition by near_matches.customer_id order by near_matches.score_rank asc
        ) as int
    ) as match_rank,
    cast(near_matches.d365_customer_key as string) as d365_customer_key,
    cast(d365_customers.d365_customer_id as string) as d365_customer_id,
    cast(coalesce(d365_customers.legal_entity_id, d365_customers.erp_code) as string)
        as legal_entity_id,
    cast(d365_customers.customer_name as string) as d365_customer_name,
    d365_customers.is_blocked,
    cast(near_matches.score as decimal(5, 4)) as score,
    cast({{ var('near_match_threshold') }} as decimal(5, 4)) as shown_threshold,
    cast(near_matches.driven_by as string) as driven_by
from near_matches
inner join d365_customers
    on near_matches.d365_customer_key = d365_customers.party_key
left join customers
    on near_matches.customer_id = customers.customer_id
where not exists (
    select 1 from key_matches
    where key_matches.customer_id = near_matches.customer_id
        and key_matches.d365_customer_key = near_matches.d365_customer_key
)
and not exists (
    select 1 from {{ ref('int_decisions_applied') }} as decisions
    where decisions.customer_id = near_matches.customer_id
        and decisions.d365_customer_key = near_matches.d365_customer_key
        and decisions.decision = 'not_same'
        and decisions.effect = 'in_force'
)
