-- Grain: one active, paid or fulfilled order of the card's window, older than its grace, whose
-- customer exists in F&O without a posted invoice. The window ends where the grace
-- begins.
with

orders as (
    select * from {{ ref('fct_orders') }}
    where is_active
        and (is_paid or is_fulfilled)
        and customer_presence in ('present', 'present_blocked')
        and is_customer_in_fo
        and not is_invoiced
),

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_orders_missing_d365_free_text_invoice'
        and is_measurable
)

select
    orders.order_key,
    orders.customer_id,
    orders.platform,
    orders.instance,
    orders.order_number,
    orders.order_reference,
    orders.ordered_at,
    orders.order_date,
    orders.expected_legal_entity_id,
    orders.order_currency_code,
    orders.order_value,
    orders.order_value_reporting,
    orders.order_segment_code,
    orders.is_posted as has_sales_order
from orders
inner join cards
    on {{ in_window('orders.ordered_at', 'cards') }}
