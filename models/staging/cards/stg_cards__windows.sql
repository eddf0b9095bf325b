-- Grain: one card of the registry, with the window it counts at this as-of. Orders are read from
-- look_back_start_at on, the same for all: the largest window plus the largest grace of any card.
-- The one staging model over a seed: narrowing starts in staging and must follow the registry
-- (docs/decisions/0004).
with

registry as (
    select * from {{ ref('card_registry') }}
),

dated as (
    select
        registry.*,
        {{ as_of_at() }} as as_of_at,
        {{ as_of_date() }} as as_of_date,
        {{ days_before(as_of_date(), 'coalesce(window_days, 1) - 1') }} as window_start_date,
        {{ days_before(as_of_date(), 'coalesce(window_days, 1) - 1 + grace_days') }}
            as graced_start_date,
        {{ days_before(
            as_of_date(), 'max(coalesce(window_days, 1)) over () - 1 + max(grace_days) over ()'
        ) }} as look_back_start_date
    from registry
),

bounded as (
    select
        dated.*,
        case
            when window_hours is not null then as_of_at - window_hours * interval 1 hour
            else {{ local_midnight('window_start_date', var('reporting_timezone')) }}
        end as window_start_at,
        case
            when window_hours is not null
                then as_of_at - window_hours * interval 1 hour - grace_days * interval 1 day
            else {{ local_midnight('graced_start_date', var('reporting_timezone')) }}
        end as graced_start_at,
        {{ local_midnight('look_back_start_date', var('reporting_timezone')) }}
            as look_back_start_at
    from dated
)

select
    card_id,
    key_scope,
    window_days,
    window_hours,
    grace_days,
    alert_age_hours,
    stale_hours,
    as_of_at,
    as_of_date,
    window_start_at,
    as_of_at as window_end_at,
    -- the same window, moved back by the grace: what is younger than the grace may still be on its
    -- way
    graced_start_at,
    as_of_at - grace_days * interval 1 day as graced_end_at,
    look_back_start_at
from bounded
