-- Grain: one resource of one instance that a load ever tried: was it loaded (an empty table is
-- loaded, a failed load is none), when was it last delivered, did the newest load fail? remark:
-- what a card cannot know from its rows. is_recorded: were the runs of its flows recorded, so that
-- 0 failures mean none; NULL for what is no flow.
{% set placed_in_time = [
    ('dataverse', 'accounts', 'stg_dataverse__accounts', 'created_at', 'coalesce(is_active, true)'),
    ('dataverse', 'contacts', 'stg_dataverse__contacts', 'created_at', 'coalesce(is_active, true)'),
    ('power_automate', 'flow_runs', 'int_flow_runs_conformed', 'started_at',
        'is_failed and is_primary'),
    ('power_automate', 'flow_events', 'stg_power_automate__flow_events', 'created_at', 'true'),
] %}
with

resource_loads as (
    select * from {{ ref('stg_load__resource_loads') }}
),

windows as (
    select * from {{ ref('stg_cards__windows') }}
    where card_id = 'power_automate_flow_failures'
),

ranked as (
    select
        *,
        row_number() over (
            partition by source_name, lower(instance), resource_name
            order by loaded_at desc, load_id desc
        ) as load_rank
    from resource_loads
),

resources as (
    select
        source_name,
        lower(instance) as instance,
        resource_name,
        bool_or(outcome in ('loaded', 'unchanged', 'kept_old')) as is_loaded,
        bool_or(load_rank = 1 and outcome = 'failed') as is_refused,
        max(case when outcome in ('loaded', 'unchanged') then coalesce(extracted_at, loaded_at) end)
            as delivered_at
    from ranked
    group by source_name, lower(instance), resource_name
),

untimed as (
    select source_name, lower(instance) as instance, resource_name,
        source_file || cast(record_number as string) as record_key
    from {{ ref('stg_load__rejects') }}
    where reason like '%: the order is in no window'
    {% for source, resource, model, column, condition in placed_in_time %}
    union all
    select '{{ source }}', lower(instance), '{{ resource }}', cast(null as string)
    from {{ ref(model) }}
    where {{ column }} is null and {{ condition }}
    {% endfor %}
),

untimed_counts as (
    select source_name, instance, resource_name, cast(count(*) as string) as row_count
    from untimed
    group by source_name, instance, resource_name
),

flows as (
    select
        lower(flows.instance) as instance, cast(count(*) as string) as flow_count,
        min(flows.flow_name) as flow_name, count(conformed.flow_id) as integration_flow_count
    from {{ ref('stg_power_automate__flows') }} as flows
    left join {{ ref('int_flows_conformed') }} as conformed
        on flows.instance = conformed.instance and flows.flow_id = conformed.flow_id
    group by lower(flows.instance)
),

runs as (
    select lower(flow_runs.instance) as instance,
        max(case when flow_runs.started_at < windows.as_of_at then flow_runs.started_at end)
            as last_run_at
    from {{ ref('int_flow_runs_conformed') }} as flow_runs
    cross join windows
    group by lower(flow_runs.instance)
),

stops as (
    select lower(events.instance) as instance, max(events.created_at) as stopped_at
    from {{ ref('stg_power_automate__flow_events') }} as events
    inner join windows
        on events.created_at < windows.as_of_at
    where lower(events.event_code) = 'ttlsettingequal0'
    group by lower(events.instance)
),

-- the run history of an environment
kept as (
    select
        resources.instance, flows.flow_name, stops.stopped_at,
        runs.instance as recorded, runs.last_run_at,
        windows.window_start_at, windows.look_back_start_at,
        coalesce(flows.flow_count, '0') as flow_count,
        coalesce(flows.integration_flow_count, 0) as own_count,
        sum(coalesce(flows.integration_flow_count, 0)) over () as all_count,
        coalesce(stops.stopped_at > runs.last_run_at, false) as has_stopped
    from resources
    cross join windows
    left join flows on resources.instance = flows.instance
    left join runs on resources.instance = runs.instance
    left join stops on resources.instance = stops.instance
    where resources.is_loaded and resources.resource_name = 'workflows'
),

histories as (
    select
        instance,
        case
            when all_count = 0 then false
            when own_count > 0 then recorded is not null
                and (last_run_at >= window_start_at or not has_stopped)
        end as is_recorded,
        case
            when all_count = 0 then 'none of its ' || flow_count || ' flows'
                || coalesce(' (such as ' || flow_name || ')', '')
                || ' fits a name_pattern of field_map_integration_flows'
            when own_count = 0 then null
            when coalesce(last_run_at < look_back_start_at, true) and not has_stopped
                then 'no run of the integration was recorded since '
                || {{ minute_text('look_back_start_at') }} || ': Dataverse records runs of flows'
                || ' in solutions, while their time to live is above 0'
            when has_stopped then 'Dataverse stopped recording runs on '
                || {{ minute_text('stopped_at') }} || ' (TtlSettingEqual0)'
            when last_run_at < window_start_at then 'the last recorded run of the integration'
                || ' began on ' || {{ minute_text('last_run_at') }}
        end as remark
    from kept
)

select
    resources.*,
    histories.is_recorded,
    coalesce(
        histories.remark,
        'rows without a readable time, which are in no window: ' || untimed_counts.row_count
    ) as remark
from resources
left join untimed_counts
    on resources.source_name = untimed_counts.source_name
    and resources.instance = untimed_counts.instance
    and resources.resource_name = untimed_counts.resource_name
left join histories
    on resources.source_name = 'power_automate' and resources.resource_name = 'workflows'
    and resources.instance = histories.instance
