-- Grain: one active order in the headline's window without account, company
-- or usable e-mail. It is shown with its value and counted nowhere: it can neither be matched nor
-- onboarded without a key.
with

orders as (
    select * from {{ ref('fct_orders') }}
    where is_active and subject_type = 'unidentifiable'
),

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
)

select
    orders.order_key,
    orders.platform,
    orders.instance,
    orders.platform_order_id,
    orders.order_number,
    orders.ordered_at,
    orders.expected_legal_entity_id,
    orders.order_currency_code,
    orders.order_value,
    orders.order_value_reporting,
    orders.reporting_currency_code,
    orders.is_posted
from orders
inner join cards
    on {{ in_window('orders.ordered_at', 'cards') }}
