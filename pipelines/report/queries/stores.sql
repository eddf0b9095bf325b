select
    platform,
    instance,
    count(*) as order_count,
    max(ordered_at) as newest_order_at
from cards.fct_orders
group by all
order by all
