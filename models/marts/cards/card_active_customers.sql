-- Grain: one commerce customer with an active order in the card's window
-- that is in the customer master (blocked or not).
select distinct
    customer_id,
    segment_code,
    platforms,
    customer_order_count as order_count,
    customer_presence as presence
from ({{ presence_of_card('active_customers') }}) as active
where customer_presence in ('present', 'present_blocked')
