-- Grain: one card of the registry: its window at this as-of, its threshold, and whether its sources
-- allow a number. card_condition is measurable, missing_data (a master it subtracts is not good) or
-- not_available (no such source).
with

cards as (
    select * from {{ ref('int_card_windows_dated') }}
),

guard as (
    select * from {{ ref('fct_master_guard') }}
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

loaded as (
    select source_name as need from {{ ref('int_sources_configured') }}
    union all
    select 'commerce' as need from {{ ref('int_sources_configured') }}
    where source_name in ('{{ var("platforms") | join("', '") }}')  -- noqa: LT05
    union all
    select 'd365' as need from masters where has_d365
),

needed as (
    select card_id, {{ split_rows('required_sources', '|') }} as need
    from cards
),

missing as (
    select
        needed.card_id,
        {{ sorted_list("case when needed.need = 'd365' "
            ~ "then coalesce(masters.missing_sources, 'd365') else needed.need end") }}
            as missing_sources
    from needed
    cross join masters
    where not exists (select 1 from loaded where loaded.need = needed.need)
    group by needed.card_id
),

judged as (
    select
        cards.*,
        masters.reasons,
        missing.missing_sources,
        not cards.subtracts_master or coalesce(masters.is_good, false) as is_master_good
    from cards
    cross join masters
    left join missing
        on cards.card_id = missing.card_id
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
            when missing_sources is not null then 'not_available'
            when not is_master_good then 'missing_data'
            else 'measurable'
        end as string
    ) as card_condition,
    cast(
        case
            when missing_sources is not null
                then 'needs ' || replace(required_sources, '|', ' and ') || ', not loaded: '
                || missing_sources
            when not is_master_good then 'customer master of ' || reasons
        end as string
    ) as condition_reason
from judged
