select
    case when has_sales_order then 'With a sales order' else 'Without a sales order' end
        as label,
    count(*) as item_count,
    sum(order_value_reporting) as value,
    count(*) filter (where order_value_reporting is null) as unrated_count
from cards.card_ecom_orders_missing_d365_free_text_invoice
group by all
order by label desc
