-- What an order status means: active (must be invoiced), cancelled, refunded, incomplete or test. The first rows are
-- the project's. The last ones are in your orders and not known: check their order_state. is_policy: your decision.
select platform, raw_status, order_state, is_policy, note
from (
    select *, 1 as part from order_statuses
    union all
    select distinct platform, status, 'active', true, 'not known: check whether it must be invoiced', 2
    from facts_orders
    where status not in (
            select upper(known.raw_status) from order_statuses as known where known.platform = facts_orders.platform
            union all
            select lower(known.raw_status) from order_statuses as known where known.platform = facts_orders.platform
        )
)
where exists (
    select 1 from facts_orders as orders
    where not exists (
        select 1 from order_statuses as known
        where known.platform = orders.platform and upper(known.raw_status) = upper(orders.status)
    )
    and orders.status != ''
)
order by part, platform, raw_status
