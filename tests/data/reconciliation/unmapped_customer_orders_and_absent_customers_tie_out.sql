-- What: every unmapped_customer order in the headline's window belongs to an absent customer, and
-- every order of an absent customer is an unmapped_customer order, unless it is booked in the
-- expected company or covered by a default customer.
-- When it matters: always. The order card and the customer card must agree.
-- How to fix: column cause shows which side lacks the order; compare its customer_presence in
-- fct_orders with fct_customer_presence.
with

-- both cards must have a number: without D365 documents the order card is empty
cards as (
    select headline.*
    from {{ ref('dim_cards') }} as headline
    inner join {{ ref('dim_cards') }} as order_cards
        on order_cards.card_id = 'commerce_orders_without_business_central_sales_order'
        and order_cards.is_measurable
    where headline.card_id = 'ecom_customers_absent_from_d365_customer_master'
        and headline.is_measurable
),

unmapped_orders as (
    select card_orders.*
    from {{ ref('card_commerce_orders_without_business_central_sales_order') }} as card_orders
    inner join cards
        on card_orders.ordered_at >= cards.window_start_at
        and card_orders.ordered_at < cards.window_end_at
    where card_orders.is_unmapped_customer
),

headline_orders as (
    select onboarding_orders.*
    from {{ ref('onboarding_orders') }} as onboarding_orders
    cross join cards
),

orders as (
    select * from {{ ref('fct_orders') }}
),

compared as (
    select
        orders.order_key,
        orders.customer_id,
        case
            when headline_orders.order_key is null then 'unmapped order without an absent customer'
            when unmapped_orders.order_key is null
                and not orders.is_held_in_expected_entity
                and orders.customer_presence != 'covered_by_default_customer'
                then 'order of an absent customer that the order card does not call unmapped'
        end as cause
    from orders
    left join headline_orders
        on orders.order_key = headline_orders.order_key
    left join unmapped_orders
        on orders.order_key = unmapped_orders.order_key
    where headline_orders.order_key is not null or unmapped_orders.order_key is not null
)

select
    order_key,
    customer_id,
    cause
from compared
where cause is not null
