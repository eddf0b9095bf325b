-- Grain: one order in the headline's window of an absent customer, under the destination it is
-- absent in.
with

presence as (
    select * from {{ ref('fct_customer_presence') }}
    where is_in_headline
),

orders as (
    select * from {{ ref('fct_orders') }}
    where is_active
),

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
)

select
    orders.order_key,
    orders.customer_id,
    orders.destination_key,
    orders.expected_legal_entity_id,
    orders.platform,
    orders.instance,
    orders.platform_order_id,
    orders.order_number,
    orders.order_reference,
    orders.ordered_at,
    orders.raw_status,
    orders.country_code,
    orders.order_currency_code,
    orders.order_value,
    orders.order_value_gross,
    orders.order_value_reporting,
    orders.is_posted,
    not orders.is_posted as is_blocked,
    orders.is_awaiting_sync,
    orders.is_rate_missing
from presence
inner join cards
    on presence.window_days = cards.window_days
inner join orders
    on presence.customer_id = orders.customer_id
    and presence.destination_key = orders.destination_key
    and {{ in_window('orders.ordered_at', 'cards') }}
