-- How fast the value adds up, largest customer first; at most some 200 points.
with ranked as (
    select
        blocked_value_reporting as value,
        row_number() over (order by blocked_value_reporting desc, customer_id) as rank,
        count(*) over () as customer_count,
        sum(blocked_value_reporting) over (
            order by blocked_value_reporting desc, customer_id rows unbounded preceding
        ) as running_value,
        sum(blocked_value_reporting) over () as total_value
    from cards.card_ecom_customers_absent_from_d365_customer_master
    where blocked_value_reporting > 0
),

counted as (
    select *, count(*) filter (where running_value - value < 0.8 * total_value) over () as most_count
    from ranked
)

select
    rank, customer_count, most_count, cast(running_value as double) / total_value as share
from counted
where rank in (1, most_count, customer_count) or rank % (1 + customer_count // 200) = 0
order by rank
