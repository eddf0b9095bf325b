-- What: blocked values of the worklist add up to the headline's value, its largest customer is the
-- card's largest value, and its customers are the card's number. Skipped while the card has no
-- value.
-- When it matters: always. The list must match the card.
-- How to fix: sum blocked_value_reporting per customer in onboarding_worklist and
-- fct_customer_presence.
with

card_values as (
    select * from {{ ref('card_values') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
        and state in ('ok', 'alert')
),

customers as (
    select
        customer_id,
        sum(blocked_value_reporting) as blocked_value
    from {{ ref('onboarding_worklist') }}
    group by customer_id
),

listed as (
    select
        count(*) as customer_count,
        case when count(*) = 0 then 0 else sum(blocked_value) end as blocked_value,
        case when count(*) = 0 then 0 else max(blocked_value) end as largest_value
    from customers
)

select
    card_values.value,
    listed.customer_count,
    card_values.reporting_value,
    listed.blocked_value,
    card_values.largest_customer_value,
    listed.largest_value
from card_values
cross join listed
where card_values.value is distinct from listed.customer_count
    or card_values.reporting_value is distinct from listed.blocked_value
    or card_values.largest_customer_value is distinct from listed.largest_value
