-- Grain: one enabled card at this as-of. The one table that a BI tool needs for the cards.
with

cards as (
    select * from {{ ref('dim_cards') }}
),

measurements as (
    select * from {{ ref('card_measurements') }}
),

history as (
    select * from {{ ref('card_history') }}
),

valued as (
    select
        cards.*,
        measurements.value,
        measurements.b2b_value,
        measurements.dtc_value,
        measurements.reporting_value,
        measurements.largest_customer_value,
        measurements.also_in_dataverse_value,
        measurements.alerting_value,
        measurements.unrated_values,
        measurements.entity_values,
        history.value as previous_value,
        case
            when not cards.is_measurable then cards.card_condition
            when measurements.alerting_value > cards.threshold then 'alert'
            else 'ok'
        end as state
    from cards
    inner join measurements
        on cards.card_id = measurements.card_id
    left join history
        on cards.card_id = history.card_id
        and history.as_of_date
            = {{ days_before('cards.as_of_date', 'coalesce(cards.window_days, 1)') }}
)

select
    card_id,
    card_order,
    as_of_date,
    as_of_at,
    window_start_at,
    window_end_at,
    window_days,
    window_text,
    title,
    value,
    unit,
    previous_value,
    b2b_value,
    dtc_value,
    reporting_value,
    cast('{{ var("reporting_currency") }}' as string) as reporting_currency_code,
    largest_customer_value,
    unrated_values,
    entity_values,
    also_in_dataverse_value,
    alerting_value,
    threshold,
    alert_text,
    cast(state as string) as state,
    condition_reason as state_reason,
    cast(md5(card_id || '|' || cast(as_of_date as string) || '|' || state) as string) as trace_id
from valued
