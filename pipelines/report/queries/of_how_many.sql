-- Of how many customers with an order in the headline's window it counts some, and of how much
-- value: every active order of the window, also of present customers and of no one.
with card as (
    from cards.dim_cards where card_id = 'ecom_customers_absent_from_d365_customer_master'
),

orders as (
    select
        sum(orders.order_value_reporting) as value,
        count(*) filter (where orders.order_value_reporting is null) as unrated_count
    from cards.fct_orders as orders
    inner join card
        on orders.ordered_at >= card.window_start_at and orders.ordered_at < card.window_end_at
    where orders.is_active
),

customers as (
    select count(distinct presence.customer_id) as customer_count
    from cards.fct_customer_presence as presence
    inner join card
        on presence.window_days = card.window_days and presence.key_scope = card.key_scope
)

select
    customers.customer_count,
    orders.value,
    orders.unrated_count,
    card_values.value / nullif(customers.customer_count, 0) as customer_share,
    case when card_values.reporting_value <= orders.value
        then cast(card_values.reporting_value as double) / nullif(orders.value, 0) end
        as value_share
from customers
cross join orders
inner join cards.card_values
    on card_values.card_id = 'ecom_customers_absent_from_d365_customer_master'
where card_values.as_of_date = (select max(as_of_date) from cards.card_values)
