select
    case
        when headline.customer_id is null then 'Only the twin counts them'
        when twin.customer_id is null then 'Only the headline counts them'
        else 'The headline counts them too'
    end as label,
    count(*) as item_count,
    sum(coalesce(twin.blocked_value_reporting, headline.blocked_value_reporting)) as value,
    count(*) filter (where coalesce(twin.is_rate_missing, headline.is_rate_missing)) as unrated_count
from cards.card_ecom_customers_absent_from_d365 as twin
full join cards.card_ecom_customers_absent_from_d365_customer_master as headline
    on twin.customer_id = headline.customer_id
group by all
order by label desc
