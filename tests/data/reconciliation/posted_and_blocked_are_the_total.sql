-- What: posted value + open value = reporting value of the customers' active orders, per window and
-- key scope, and NULL, never 0, where no order has a rate. A NULL posted value of no posted order
-- (no document loaded) counts as 0.
-- When it matters: always. A duplicate match, or an order in neither part, changes the blocked
-- value.
-- How to fix: compare is_posted in fct_orders with open_value_reporting and posted_value_reporting
-- in fct_customer_presence.
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

ordered as (
    select
        windows.window_days,
        windows.key_scope,
        orders.customer_id,
        orders.destination_key,
        {{ rated_value('not orders.is_posted') }} as open_value,
        {{ rated_value('orders.is_posted') }} as posted_value,
        bool_or(orders.is_posted) as has_posted_orders,
        coalesce(sum(orders.order_value_reporting), 0) as total_value
    from windows
    inner join orders
        on orders.ordered_at >= windows.window_start_at
        and orders.ordered_at < windows.window_end_at
    group by windows.window_days, windows.key_scope, orders.customer_id, orders.destination_key
),

presence as (
    select * from {{ ref('fct_customer_presence') }}
)

select
    ordered.window_days,
    ordered.key_scope,
    ordered.customer_id,
    ordered.destination_key,
    ordered.total_value,
    presence.open_value_reporting,
    presence.posted_value_reporting
from ordered
left join presence
    on ordered.window_days = presence.window_days
    and ordered.key_scope = presence.key_scope
    and ordered.customer_id = presence.customer_id
    and ordered.destination_key = presence.destination_key
where presence.open_value_reporting is distinct from ordered.open_value
    or coalesce(presence.posted_value_reporting, case when not ordered.has_posted_orders then 0 end)
        is distinct from ordered.posted_value
    or coalesce(presence.open_value_reporting, 0) + coalesce(presence.posted_value_reporting, 0)
        is distinct from ordered.total_value
