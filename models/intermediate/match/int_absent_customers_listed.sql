-- Grain: one customer that the headline counts: an active order in its window, in a destination
-- where no headline key resolves and no default customer covers the order.
with

orders as (
    select * from {{ ref('int_window_orders_listed') }}
    where not is_covered_by_default_customer
),

cards as (
    select * from {{ ref('stg_cards__windows') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
),

matched as (
    select * from {{ ref('int_customer_destinations_matched') }}
    where key_scope = 'headline'
)

select distinct orders.customer_id
from orders
inner join cards
    on orders.window_days = cards.window_days
where not exists (
    select 1 from matched
    where matched.customer_id = orders.customer_id
        and matched.destination_key = orders.destination_key
)
