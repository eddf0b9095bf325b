-- Grain: one commerce customer with an active order in the card's window that the customer master
-- holds (blocked or not).
with

active_customers as (
    select * from {{ ref('fct_active_customers') }}
),

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'active_customers'
        and is_measurable
)

select
    active_customers.customer_id,
    active_customers.segment_code,
    active_customers.platforms,
    active_customers.order_count,
    active_customers.presence
from active_customers
inner join cards
    on active_customers.window_days = cards.window_days
    and active_customers.key_scope = cards.key_scope
where active_customers.presence in ('present', 'present_blocked')
