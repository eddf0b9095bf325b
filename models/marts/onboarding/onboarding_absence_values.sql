-- Grain: one absent customer of the headline and expected destination, with its orders of the
-- window and the values behind them.
with

presence as (
    select * from {{ ref('fct_customer_presence') }}
    where key_scope = 'headline' and presence = 'absent'
),

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
        and is_measurable
),

orders as (
    select * from {{ ref('onboarding_orders') }}
),

listed_orders as (
    select
        customer_id,
        destination_key,
        {{ sorted_list('md5(order_key)') }} as order_ids
    from orders
    group by customer_id, destination_key
),

open_per_currency as (
    select
        customer_id,
        destination_key,
        order_currency_code,
        sum(order_value) as open_value,
        sum(case when is_rate_missing then order_value else 0 end) as unrated_value,
        sum(order_value_reporting) as open_value_reporting
    from orders
    where is_blocked
    group by customer_id, destination_key, order_currency_code
),

open_values as (
    select
        customer_id,
        destination_key,
        {{ sorted_list(
            "order_currency_code || ' ' || cast(cast(open_value as decimal(18, 2)) as string)"
        ) }} as blocked_values,
        sum(open_value_reporting) as blocked_value_reporting,
        max(unrated_value) as unrated_value
    from open_per_currency
    group by customer_id, destination_key
)

select
    presence.window_days,
    presence.customer_id,
    presence.destination_key,
    presence.expected_legal_entity_id,
    presence.mapping_status,
    presence.mapped_by,
    presence.candidate_legal_entity_ids,
    presence.order_count,
    presence.open_order_count as blocked_order_count,
    presence.first_order_at,
    presence.last_order_at,
    cast(
        case
            when presence.open_order_count = 0 then 0
            else open_values.blocked_value_reporting
        end as decimal(18, 2)
    ) as blocked_value_reporting,
    cast(coalesce(open_values.unrated_value, 0) as decimal(18, 4)) as unrated_value,
    cast(open_values.blocked_values as string) as blocked_values,
    presence.posted_value_reporting,
    presence.is_rate_missing,
    presence.is_awaiting_sync,
    cast(listed_orders.order_ids as string) as order_ids
from presence
inner join cards
    on presence.window_days = cards.window_days
left join listed_orders
    on presence.customer_id = listed_orders.customer_id
    and presence.destination_key = listed_orders.destination_key
left join open_values
    on presence.customer_id = open_values.customer_id
    and presence.destination_key = open_values.destination_key
