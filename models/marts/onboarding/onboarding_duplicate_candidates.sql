-- Grain: one pair of customers of the worklist that may be one: create one, not two. Nothing is
-- merged: an e-mail never makes two companies one.
with

candidates as (
    select * from {{ ref('xref_duplicate_candidates') }}
),

absent_customers as (
    select distinct customer_id from {{ ref('onboarding_absence_values') }}
),

customers as (
    select * from {{ ref('dim_commerce_customers') }}
),

pairs as (
    select
        customer_id,
        other_customer_id,
        {{ sorted_list('shared') }} as shared,
        count(*) as shared_count
    from candidates
    group by customer_id, other_customer_id
)

select
    pairs.customer_id,
    pairs.other_customer_id,
    customers.customer_name,
    others.customer_name as other_customer_name,
    customers.platform_customers,
    others.platform_customers as other_platform_customers,
    cast(pairs.shared as string) as shared,
    cast(pairs.shared_count as int) as shared_count
from pairs
inner join absent_customers
    on pairs.customer_id = absent_customers.customer_id
left join customers
    on pairs.customer_id = customers.customer_id
left join customers as others
    on pairs.other_customer_id = others.customer_id
