select
    reason as label,
    count(*) as item_count,
    sum(order_value_reporting) as value,
    count(*) filter (where order_value_reporting is null) as unrated_count
from cards.card_commerce_orders_without_business_central_sales_order
group by all
order by item_count desc, label
