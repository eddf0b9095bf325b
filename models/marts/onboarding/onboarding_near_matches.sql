-- Grain: one absent customer and D365 customer that is probably the same. Compare before creating a
-- second one; no count depends on it.
with

near_matches as (
    select * from {{ ref('xref_near_matches') }}
    where is_shown
),

absent_customers as (
    select distinct customer_id from {{ ref('onboarding_absence_values') }}
),

customers as (
    select * from {{ ref('dim_commerce_customers') }}
),

d365_customers as (
    select * from {{ ref('dim_d365_customers') }}
)

select
    near_matches.customer_id,
    customers.customer_name,
    near_matches.match_rank,
    near_matches.d365_customer_key,
    near_matches.d365_customer_id,
    near_matches.legal_entity_id,
    d365_customers.customer_name as d365_customer_name,
    d365_customers.is_blocked,
    near_matches.score,
    near_matches.shown_threshold,
    near_matches.driven_by
from near_matches
inner join absent_customers
    on near_matches.customer_id = absent_customers.customer_id
inner join d365_customers
    on near_matches.d365_customer_key = d365_customers.d365_customer_key
left join customers
    on near_matches.customer_id = customers.customer_id
