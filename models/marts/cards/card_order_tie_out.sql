-- Grain: one order of the headline's window that the order card lists as unmapped_customer or that
-- belongs to an absent customer of the headline; if only one of the two applies, the cause. No
-- rows unless both cards are measurable.
with

order_card as (
    select * from {{ ref('card_commerce_orders_without_business_central_sales_order') }}
),

absences as (
    select * from {{ ref('fct_customer_presence') }}
    where key_scope = 'headline' and presence = 'absent'
),

orders as (
    select * from {{ ref('fct_orders') }}
),

cards as (
    select headline.*
    from {{ ref('dim_cards') }} as headline
    inner join {{ ref('dim_cards') }} as order_cards
        on order_cards.card_id = 'commerce_orders_without_business_central_sales_order'
        and order_cards.is_measurable
    where headline.card_id = 'ecom_customers_absent_from_d365_customer_master'
        and headline.is_measurable
),

compared as (
    select
        orders.*,
        order_card.reason as order_card_reason,
        coalesce(order_card.reason = 'unmapped_customer', false) as is_unmapped_on_order_card,
        orders.is_active and absences.customer_id is not null as is_of_absent_customer
    from orders
    inner join cards
        on {{ in_window('orders.ordered_at', 'cards') }}
    left join order_card
        on orders.order_key = order_card.order_key
    left join absences
        on cards.window_days = absences.window_days
        and orders.customer_id = absences.customer_id
        and orders.destination_key = absences.destination_key
)

select
    is_of_absent_customer,
    is_unmapped_on_order_card,
    cast(order_card_reason as string) as order_card_reason,
    cast(
        case
            when is_of_absent_customer and is_unmapped_on_order_card then 'both'
            when is_of_absent_customer then 'only_headline'
            else 'only_order_card'
        end as string
    ) as counted_by,
    cast(
        case
            when is_of_absent_customer and is_unmapped_on_order_card then null
            when not is_of_absent_customer then 'unexplained'
            when is_held_in_expected_entity then 'already_in_d365_under_another_account'
            when order_card_reason in ('awaiting_sync', 'mapping_conflict')
                then 'listed_as_' || order_card_reason
            when is_covered_by_default_customer then 'order_covered_by_default_customer'
            else 'unexplained'
        end as string
    ) as cause,
    order_key,
    customer_id,
    platform,
    instance,
    order_number,
    ordered_at,
    order_currency_code,
    order_value,
    order_value_reporting
from compared
where is_of_absent_customer or is_unmapped_on_order_card
