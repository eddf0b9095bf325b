-- What: the orders of a worklist row match its order count, blocked value and posted value.
-- When it matters: always. The drill-down must explain every cent.
-- How to fix: compare onboarding_orders with the row; find an order that is duplicate or on one
-- side only.
with

orders as (
    select
        customer_id,
        destination_key,
        count(*) as order_count,
        count(case when is_blocked then 1 end) as blocked_order_count,
        {{ rated_value('is_blocked') }} as blocked_value,
        {{ rated_value('is_posted') }} as posted_value
    from {{ ref('onboarding_orders') }}
    group by customer_id, destination_key
),

worklist as (
    select * from {{ ref('onboarding_worklist') }}
)

select
    coalesce(worklist.worklist_key, orders.customer_id || '|' || orders.destination_key)
        as worklist_key,
    worklist.order_count as worklist_order_count,
    orders.order_count,
    worklist.blocked_value_reporting,
    orders.blocked_value,
    worklist.posted_value_reporting,
    orders.posted_value
from worklist
full outer join orders
    on worklist.worklist_key = orders.customer_id || '|' || orders.destination_key
where worklist.worklist_key is null
    or orders.customer_id is null
    or worklist.order_count != orders.order_count
    or worklist.blocked_order_count != orders.blocked_order_count
    or worklist.blocked_value_reporting is distinct from orders.blocked_value
    or coalesce(worklist.posted_value_reporting, 0) != coalesce(orders.posted_value, 0)
