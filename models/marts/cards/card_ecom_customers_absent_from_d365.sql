-- Grain: one commerce customer that the twin counts: an active order in the card's window, absent
-- in at least one expected entity on the key rows of the twin (e-mail, name and address).
with

active_customers as (
    select * from {{ ref('fct_active_customers') }}
),

windows as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365'
        and is_measurable
)

select
    active_customers.customer_id,
    active_customers.segment_code,
    active_customers.platforms,
    active_customers.order_count,
    active_customers.blocked_value_reporting,
    active_customers.is_rate_missing,
    active_customers.is_in_dataverse
from active_customers
inner join windows
    on active_customers.window_days = windows.window_days
    and active_customers.key_scope = windows.key_scope
where active_customers.presence = 'absent'
