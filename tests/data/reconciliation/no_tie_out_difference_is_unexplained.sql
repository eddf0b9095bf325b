-- What: every order of an absent customer is in the order/customer tie-out, and every difference
-- from the unmapped_customer orders of the order card has a cause. Skipped while the order card has
-- no number.
-- When it matters: always. Otherwise order card and headline disagree on who is missing.
-- How to fix: compare customer_presence of the order in fct_orders with fct_customer_presence.
with

tie_out as (
    select * from {{ ref('card_order_tie_out') }}
),

absent_orders as (
    select onboarding_orders.*
    from {{ ref('onboarding_orders') }} as onboarding_orders
    inner join {{ ref('dim_cards') }} as cards
        on cards.card_id = 'commerce_orders_without_business_central_sales_order'
        and cards.is_measurable
)

select
    tie_out.order_key,
    tie_out.counted_by,
    tie_out.cause
from tie_out
where (tie_out.counted_by = 'both') != (tie_out.cause is null)
    or tie_out.cause = 'unexplained'
union all
select
    absent_orders.order_key,
    'not in the tie-out' as counted_by,
    cast(null as string) as cause
from absent_orders
left join tie_out
    on absent_orders.order_key = tie_out.order_key
    and tie_out.is_of_absent_customer
where tie_out.order_key is null
