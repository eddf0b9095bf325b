-- Grain: one card of the registry with its window at this as-of, its key scope and its threshold.
with

windows as (
    select * from {{ ref('stg_cards__windows') }}
),

registry as (
    select * from {{ ref('card_registry') }}
)

select
    windows.card_id,
    registry.card_order,
    registry.title,
    registry.unit,
    registry.key_scope,
    registry.threshold,
    registry.required_sources,
    registry.subtracts_master,
    registry.is_enabled,
    registry.has_segments,
    registry.has_reporting_value,
    windows.window_days,
    windows.window_hours,
    windows.grace_days,
    windows.as_of_at,
    windows.as_of_date,
    windows.window_start_at,
    windows.window_end_at,
    windows.graced_start_at,
    windows.graced_end_at
from windows
inner join registry
    on windows.card_id = registry.card_id
