-- Grain: one commerce customer with an active order in the card's window
-- that is in the customer master (blocked or not).
select distinct
    presence.customer_id,
    presence.segment_code,
    presence.platforms,
    presence.customer_order_count as order_count,
    presence.customer_presence as presence
from {{ ref('fct_customer_presence') }} as presence
inner join {{ ref('dim_cards') }} as cards
    on presence.window_days = cards.window_days
    and presence.key_scope = cards.key_scope
where cards.card_id = 'active_customers'
    and cards.is_measurable
    and presence.customer_presence in ('present', 'present_blocked')
