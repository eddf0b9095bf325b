-- Grain: one commerce customer that the headline counts: an active order in the card's window,
-- absent in at least one expected entity on the headline's keys.
with

presence as (
    select * from {{ ref('fct_customer_presence') }}
    where customer_presence = 'absent'
),

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
        and is_measurable
)

select distinct
    presence.customer_id,
    presence.segment_code,
    presence.platforms,
    presence.customer_order_count as order_count,
    presence.customer_blocked_value_reporting as blocked_value_reporting,
    presence.is_customer_rate_missing as is_rate_missing,
    presence.is_in_dataverse
from presence
inner join cards
    on presence.window_days = cards.window_days
    and presence.key_scope = cards.key_scope
