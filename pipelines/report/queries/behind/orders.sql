select
    worklist.worklist_rank as rank,
    orders.order_reference,
    orders.platform,
    orders.instance,
    orders.ordered_at,
    orders.raw_status,
    orders.country_code,
    orders.order_currency_code,
    orders.order_value,
    orders.order_value_reporting,
    case
        when orders.is_posted then 'already posted'
        when orders.is_awaiting_sync then 'blocked, awaiting sync'
        when orders.is_blocked then 'blocked'
        else 'not blocked'
    end as state
from worklist.onboarding_orders as orders
inner join worklist.onboarding_worklist as worklist
    on orders.customer_id || '|' || orders.destination_key = worklist.worklist_key
order by rank, orders.ordered_at, orders.order_key
