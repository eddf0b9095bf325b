-- Grain: one active order in the card's window whose buyer left a phone number.
select
    orders.order_key,
    orders.order_segment_code
from {{ ref('int_orders') }} as orders
inner join {{ ref('dim_cards') }} as cards
    on {{ in_window('orders.ordered_at', 'cards') }}
where cards.card_id = 'orders_with_a_phone'
    and cards.is_measurable
    and orders.is_active
    and orders.phone is not null
