-- What: a customer is absent if absent in any destination, else present if present in any, else
-- blocked, else covered; one row per customer, window and key scope.
-- When it matters: always. A customer absent in one of two entities must not look present.
-- How to fix: compare presence and customer_presence in the customer's rows of
-- fct_customer_presence.
with

presence as (
    select * from {{ ref('fct_customer_presence') }}
),

expected as (
    select
        window_days,
        key_scope,
        customer_id,
        case
            when bool_or(presence = 'absent') then 'absent'
            when bool_or(presence = 'present') then 'present'
            when bool_or(presence = 'present_blocked') then 'present_blocked'
            when bool_or(presence = 'covered_by_default_customer')
                then 'covered_by_default_customer'
            else 'unknown'
        end as expected_presence
    from presence
    group by window_days, key_scope, customer_id
),

counted as (
    select
        window_days,
        key_scope,
        customer_id,
        min(customer_presence) as presence,
        count(distinct customer_presence) as row_count
    from presence
    group by window_days, key_scope, customer_id
)

select
    coalesce(expected.window_days, counted.window_days) as window_days,
    coalesce(expected.key_scope, counted.key_scope) as key_scope,
    coalesce(expected.customer_id, counted.customer_id) as customer_id,
    expected.expected_presence,
    counted.presence,
    counted.row_count
from expected
full outer join counted
    on expected.window_days = counted.window_days
    and expected.key_scope = counted.key_scope
    and expected.customer_id = counted.customer_id
where coalesce(expected.expected_presence, '') != coalesce(counted.presence, '')
    or coalesce(counted.row_count, 0) != 1
