-- Grain: one commerce customer with an active order in the card's window that the customer master
-- holds (blocked or not).
with

presence as (
    select * from {{ ref('fct_customer_presence') }}
    where customer_presence in ('present', 'present_blocked')
),

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'active_customers'
        and is_measurable
)

select distinct
    presence.customer_id,
    presence.segment_code,
    presence.platforms,
    presence.customer_order_count as order_count,
    presence.customer_presence as presence
from presence
inner join cards
    on presence.window_days = cards.window_days
    and presence.key_scope = cards.key_scope
