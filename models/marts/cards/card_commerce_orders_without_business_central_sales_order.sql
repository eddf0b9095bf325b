-- Grain: one active order in the card's window without a sales order or posted invoice of the
-- expected company. One reason (the first flag that applies) and all flags.
with

orders as (
    select * from {{ ref('fct_orders') }}
    where is_active and not is_held_in_expected_entity
),

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'commerce_orders_without_business_central_sales_order'
        and is_measurable
),

flagged as (
    select
        orders.*,
        cards.as_of_at,
        cards.alert_age_hours,
        orders.is_held_elsewhere or orders.mapping_status != 'resolved' as has_mapping_conflict,
        coalesce(orders.customer_presence = 'absent', false) as is_unmapped_customer,
        case
            when orders.has_failed_order_flow then true
            when cards.are_flows_loaded then false
        end as has_connector_error,
        orders.subject_type = 'unidentifiable'
            or orders.country_code is null
            or orders.order_value is null
            or orders.is_rate_missing as has_field_validation_error
    from orders
    inner join cards
        on {{ in_window('orders.ordered_at', 'cards') }}
)

select
    order_key,
    customer_id,
    platform,
    instance,
    order_number,
    order_reference,
    ordered_at,
    order_date,
    expected_legal_entity_id,
    candidate_legal_entity_ids,
    order_currency_code,
    order_value,
    order_value_reporting,
    order_segment_code,
    cast({{ dbt.datediff('order_date', as_of_date(), 'day') }} as int) as age_days,  -- noqa: LT05
    ordered_at < as_of_at - interval 1 day as is_older_than_24_hours,
    coalesce(ordered_at < as_of_at - alert_age_hours * interval 1 hour, true) as is_overdue,
    cast(
        case
            when is_awaiting_sync then 'awaiting_sync'
            when has_mapping_conflict then 'mapping_conflict'
            when is_unmapped_customer then 'unmapped_customer'
            when has_connector_error then 'connector_error'
            when has_field_validation_error then 'field_validation'
            else 'unexplained'
        end as string
    ) as reason,
    is_awaiting_sync,
    has_mapping_conflict,
    is_unmapped_customer,
    has_connector_error,
    has_field_validation_error
from flagged
