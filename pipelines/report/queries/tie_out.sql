select
    counted_by, cause, count(*) as order_count, sum(order_value_reporting) as value,
    count(*) filter (where order_value_reporting is null) as unrated_count
from cards.card_order_tie_out
group by all
order by order_count desc, counted_by, cause
