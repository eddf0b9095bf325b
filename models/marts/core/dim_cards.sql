-- Grain: one card of the registry: its window at this as-of, its threshold, and whether its sources
-- allow a number. card_condition is measurable, missing_data (a master it subtracts is not good) or
-- not_available (no such source).
with

cards as (
    select * from {{ ref('int_card_windows_dated') }}
),

sources_configured as (
    select * from {{ ref('int_sources_configured') }}
),

guard as (
    select * from {{ ref('fct_master_guard') }}
),

available as (
    select
        coalesce(bool_or(source_name in ('{{ var("platforms") | join("', '") }}')), false) as has_commerce,  -- noqa: LT05
        coalesce(bool_or(source_name = 'd365_fo'), false) as has_d365_fo,
        coalesce(bool_or(source_name = 'd365_bc'), false) as has_d365_bc,
        coalesce(bool_or(source_name = 'dataverse'), false) as has_dataverse,
        coalesce(bool_or(source_name = 'power_automate'), false) as has_power_automate
    from sources_configured
),

masters as (
    select
        coalesce(bool_and(guard_state != 'not_configured'), false) as has_d365,
        bool_and(guard_state = 'ok') as is_good,
        {{ sorted_list(
            "case when guard_state not in ('ok', 'not_configured') "
            ~ "then legal_entity_id || ' ' || guard_state end"
        ) }} as reasons,
        {{ sorted_list("case when guard_state = 'not_configured' then source_name end") }}
            as missing_sources
    from guard
),

required as (
    select
        cards.*,
        '|' || cards.required_sources || '|' as needs
    from cards
),

judged as (
    select
        required.*,
        masters.reasons,
        masters.missing_sources,
        (not contains(required.needs, '|commerce|') or available.has_commerce)
            and (not contains(required.needs, '|d365|') or masters.has_d365)
            and (not contains(required.needs, '|d365_fo|') or available.has_d365_fo)
            and (not contains(required.needs, '|d365_bc|') or available.has_d365_bc)
            and (not contains(required.needs, '|dataverse|') or available.has_dataverse)
            and (not contains(required.needs, '|power_automate|') or available.has_power_automate)
            as is_available,
        not required.subtracts_master or coalesce(masters.is_good, false) as is_master_good
    from required
    cross join available
    cross join masters
)

select
    cast(card_id as string) as card_id,
    cast(card_order as int) as card_order,
    cast(title as string) as title,
    cast(unit as string) as unit,
    cast(key_scope as string) as key_scope,
    cast(threshold as bigint) as threshold,
    cast(window_days as int) as window_days,
    cast(window_hours as int) as window_hours,
    cast(grace_days as int) as grace_days,
    cast(as_of_at as timestamp) as as_of_at,
    cast(as_of_date as date) as as_of_date,
    cast(window_start_at as timestamp) as window_start_at,
    cast(window_end_at as timestamp) as window_end_at,
    cast(graced_start_at as timestamp) as graced_start_at,
    cast(graced_end_at as timestamp) as graced_end_at,
    is_enabled,
    has_segments,
    has_reporting_value,
    cast(
        case
            when not is_available then 'not_available'
            when not is_master_good then 'missing_data'
            else 'measurable'
        end as string
    ) as card_condition,
    cast(
        case
            when not is_available
                then 'needs ' || replace(required_sources, '|', ' and ') || ', not loaded: '
                || coalesce(missing_sources, 'see make doctor')
            when not is_master_good then 'customer master of ' || reasons
        end as string
    ) as condition_reason
from judged
