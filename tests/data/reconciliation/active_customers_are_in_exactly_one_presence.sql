-- What: customers with an active order in the window = absent + present + present_blocked +
-- covered_by_default_customer, per platform and in total, for both key scopes and all windows. The
-- left side is counted from the orders.
-- When it matters: always. A lost or duplicate customer makes the headline wrong.
-- How to fix: find a customer on one side only (fct_orders against fct_customer_presence).
with

orders as (
    select * from {{ ref('fct_orders') }}
    where is_active and customer_id is not null
),

windows as (
    select distinct
        window_days,
        key_scope,
        window_start_at,
        window_end_at
    from {{ ref('dim_cards') }}
    where window_days is not null and key_scope is not null and grace_days = 0
),

active_customers as (
    select distinct window_days, key_scope, customer_id, platforms,
        customer_presence as presence
    from {{ ref('fct_customer_presence') }}
),

ordering as (
    select distinct
        windows.window_days,
        windows.key_scope,
        orders.customer_id,
        orders.platform
    from windows
    inner join orders
        on orders.ordered_at >= windows.window_start_at
        and orders.ordered_at < windows.window_end_at
),

expected as (
    select window_days, key_scope, platform, count(distinct customer_id) as customer_count
    from ordering
    group by window_days, key_scope, platform
    union all
    select window_days, key_scope, 'total' as platform,
        count(distinct customer_id) as customer_count
    from ordering
    group by window_days, key_scope
),

platforms as (
    select distinct platform from expected
),

counted as (
    select
        active_customers.window_days,
        active_customers.key_scope,
        platforms.platform,
        count(case when active_customers.presence = 'absent' then 1 end) as absent_count,
        count(case when active_customers.presence = 'present' then 1 end) as present_count,
        count(case when active_customers.presence = 'present_blocked' then 1 end) as blocked_count,
        count(case when active_customers.presence = 'covered_by_default_customer' then 1 end)
            as covered_count
    from active_customers
    inner join platforms
        on platforms.platform = 'total'
        or contains(', ' || active_customers.platforms || ',', ', ' || platforms.platform || ',')
    group by active_customers.window_days, active_customers.key_scope, platforms.platform
)

select
    expected.window_days,
    expected.key_scope,
    expected.platform,
    expected.customer_count,
    counted.absent_count,
    counted.present_count,
    counted.blocked_count,
    counted.covered_count
from expected
left join counted
    on expected.window_days = counted.window_days
    and expected.key_scope = counted.key_scope
    and expected.platform = counted.platform
where expected.customer_count != coalesce(
    counted.absent_count + counted.present_count + counted.blocked_count + counted.covered_count, 0
)
