-- Every day of the window, in the reporting time zone; the values add up to the headline's.
with card as (
    from cards.dim_cards where card_id = 'ecom_customers_absent_from_d365_customer_master'
),

days as (
    select unnest(range(
        as_of_date - window_days + 1, cast(as_of_date + 1 as timestamp), interval 1 day
    ))::date as order_date
    from card
),

blocked as (
    select orders.*
    from cards.fct_orders as orders
    inner join card
        on orders.ordered_at >= card.window_start_at and orders.ordered_at < card.window_end_at
    inner join cards.fct_customer_presence as presence
        on orders.customer_id = presence.customer_id
        and orders.destination_key = presence.destination_key
        and card.window_days = presence.window_days and card.key_scope = presence.key_scope
    where orders.is_active and not orders.is_posted and presence.presence = 'absent'
)

select
    strftime(days.order_date, '%-d %b') as label,
    count(blocked.order_key) as item_count,
    case when count(blocked.order_key) = 0 then 0 else sum(blocked.order_value_reporting) end as value,
    count(blocked.order_key) filter (where blocked.order_value_reporting is null) as unrated_count
from days
left join blocked
    on days.order_date = blocked.order_date
group by days.order_date
order by days.order_date
