select
    segment_code as label,
    count(*) as item_count,
    sum(blocked_value_reporting) as value,
    count(*) filter (where is_rate_missing) as unrated_count
from cards.card_ecom_customers_absent_from_d365_customer_master
group by all
order by label
