-- What: the customers for whom near matches and duplicates are looked for are exactly those that
-- the headline counts.
-- When it matters: int_absent_customers_listed says "absent" before core does. If the two drift
-- apart, hints are missing or for customers who are present.
-- How to fix: compare int_absent_customers_listed with fct_customer_presence for the customer
-- shown.
{{ config(group='data_platform') }}
with

listed as (
    select * from {{ ref('int_absent_customers_listed') }}
),

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
),

counted as (
    select active_customers.customer_id
    from {{ ref('fct_active_customers') }} as active_customers
    inner join cards
        on active_customers.window_days = cards.window_days
        and active_customers.key_scope = cards.key_scope
    where active_customers.presence = 'absent'
)

select
    coalesce(listed.customer_id, counted.customer_id) as customer_id,
    listed.customer_id is not null as is_listed,
    counted.customer_id is not null as is_counted
from listed
full outer join counted
    on listed.customer_id = counted.customer_id
where listed.customer_id is null or counted.customer_id is null
