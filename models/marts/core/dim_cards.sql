-- Grain: one card of the registry: its window at this as-of, its threshold, and whether its data
-- allow a number. card_condition is measurable, missing_data (a master it subtracts is not good, or
-- its orders, documents or rows have stopped coming, or no record of its runs is kept) or
-- not_available (a resource it needs was never loaded).
with

windows as (
    select * from {{ ref('stg_cards__windows') }}
),

registry as (
    select * from {{ ref('card_registry') }}
),

checked as (
    select * from {{ ref('int_card_resources_checked') }}
),

masters as (
    select
        checked.card_id,
        {{ sorted_list('guard.guard_reason') }} as master_reasons
    from checked
    inner join {{ ref('fct_master_guard') }} as guard
        on contains(', ' || checked.master_sources || ',', ', ' || guard.source_name || ',')
    group by checked.card_id
),

optional as (
    select
        coalesce(bool_or(source_name = 'dataverse' and resource_name = 'accounts'), false)
        and coalesce(bool_or(source_name = 'dataverse' and resource_name = 'contacts'), false)
            as is_dataverse_loaded,
        coalesce(bool_or(source_name = 'power_automate' and resource_name = 'workflows'), false)
        and coalesce(bool_or(source_name = 'power_automate' and resource_name = 'flow_runs'), false)
            as are_flows_loaded,
        coalesce(bool_or(source_name = 'power_automate' and resource_name = 'flow_events'), false)
            as are_flow_events_loaded,
        coalesce(
            bool_or(resource_name in ('draft_orders', 'quotes', 'negotiable_quotes')), false
        ) as are_quotes_loaded
    from {{ ref('int_resources_loaded') }}
    where is_loaded
),

judged as (
    select
        checked.*,
        masters.master_reasons,
        case
            when checked.missing_resources is not null then 'not_available'
            when coalesce(masters.master_reasons, checked.late_stores, checked.late_resources)
                is not null or not checked.has_record
                then 'missing_data'
            else 'measurable'
        end as card_condition
    from checked
    left join masters
        on checked.card_id = masters.card_id
),

explained as (
    select
        card_id,
        card_condition,
        has_documents,
        case card_condition
            when 'not_available' then 'not loaded: ' || missing_resources
                || '; deliver their extracts or configure their API' || case
                    when contains(missing_resources, 'commerce.orders')
                        then coalesce(
                            '; out of scope in field_map_stores: ' || stores_out_of_scope, ''
                        )
                    else ''
                end
            when 'missing_data' then concat_ws(
                '; ',
                master_reasons,
                'orders have stopped coming from ' || late_stores || ': deliver a newer file, or'
                || ' take the store out of scope in field_map_stores',
                'no new data from ' || late_resources || ': deliver a newer file, or raise'
                || ' max_order_age_hours',
                case when not has_record then remarks end
            )
            else nullif(concat_ws(
                '; ',
                case
                    when has_documents then 'not loaded: ' || missing_documents
                        || ', so an order booked only there counts as blocked'
                    else 'no D365 document was looked at (not loaded: ' || missing_documents
                        || '), so blocked value counts every order'
                end,
                'no new data from ' || late_documents || ', so an order booked there by'
                || ' now may count as blocked',
                'the newest load of ' || refused_resources || ' was refused, so the rows of the'
                || ' load before it are counted: correct what it names and load again',
                'no orders were ever loaded of ' || unloaded_stores || ': deliver them, or take'
                || ' the store out of scope in field_map_stores',
                remarks
            ), '')
        end as condition_reason
    from judged
)

select
    cast(windows.card_id as string) as card_id,
    cast(registry.card_order as int) as card_order,
    cast(registry.title as string) as title,
    cast(registry.unit as string) as unit,
    cast(registry.key_scope as string) as key_scope,
    cast(registry.threshold as bigint) as threshold,
    cast(windows.window_days as int) as window_days,
    cast(windows.window_hours as int) as window_hours,
    cast(windows.grace_days as int) as grace_days,
    cast(windows.alert_age_hours as int) as alert_age_hours,
    -- the texts of window and alert that cards, page and alerts print
    cast(
        coalesce(windows.window_hours || ' hours', windows.window_days || ' days')
        || case
            when windows.grace_days > 0 then ', after ' || windows.grace_days || ' days of grace'
            else ''
        end as string
    ) as window_text,
    cast(
        'above ' || registry.threshold || coalesce(
            ' ' || registry.unit || ' older than ' || windows.alert_age_hours || ' hours', ''
        ) as string
    ) as alert_text,
    cast(windows.as_of_at as timestamp) as as_of_at,
    cast(windows.as_of_date as date) as as_of_date,
    -- the window that is counted: moved back by the grace
    cast(windows.graced_start_at as timestamp) as window_start_at,
    cast(windows.graced_end_at as timestamp) as window_end_at,
    registry.is_enabled,
    registry.has_segments,
    registry.has_reporting_value,
    cast(explained.card_condition as string) as card_condition,
    cast(explained.condition_reason as string) as condition_reason,
    explained.card_condition = 'measurable' as is_measurable,
    optional.is_dataverse_loaded,
    optional.are_flows_loaded,
    optional.are_flow_events_loaded,
    optional.are_quotes_loaded
from windows
inner join registry
    on windows.card_id = registry.card_id
inner join explained
    on windows.card_id = explained.card_id
cross join optional
