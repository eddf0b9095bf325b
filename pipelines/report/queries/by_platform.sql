-- the marts write 0 if no order has a rate: not a value
select
    platforms as label,
    count(*) as item_count,
    sum(blocked_value_reporting) filter (where not is_rate_missing or blocked_value_reporting <> 0) as value,
    count(*) filter (where is_rate_missing) as unrated_count
from cards.card_ecom_customers_absent_from_d365_customer_master
group by all
order by item_count desc, label
