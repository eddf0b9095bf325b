-- What: both + only_headline = the headline card, both + only_twin = the twin, and every difference
-- has its matching keys.
-- When it matters: always. People use it to explain one of the two numbers.
-- How to fix: compare fct_customer_presence of the two key scopes for the customer.
with

compared as (
    select * from {{ ref('onboarding_headline_vs_twin') }}
),

card_rows as (
    select * from {{ ref('card_metric_rows') }}
    where row_key is not null and card_id in (
        'ecom_customers_absent_from_d365_customer_master', 'ecom_customers_absent_from_d365'
    )
),

expected as (
    select
        row_key as customer_id,
        case
            when count(*) = 2 then 'both'
            when max(card_id) = 'ecom_customers_absent_from_d365' then 'only_twin'
            else 'only_headline'
        end as counted_by
    from card_rows
    group by row_key
)

select
    coalesce(compared.customer_id, expected.customer_id) as customer_id,
    compared.counted_by,
    expected.counted_by as expected_counted_by,
    compared.cause
from compared
full outer join expected
    on compared.customer_id = expected.customer_id
where coalesce(compared.counted_by, '') != coalesce(expected.counted_by, '')
    or compared.cause is null
