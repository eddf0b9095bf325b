-- Grain: one cloud flow of the ecom integration and its health at this as-of. A flow that is off
-- has no failed run and is a failure all the same; stale means on, but without a successful run in
-- stale_hours of the card registry.
with

flows as (
    select * from {{ ref('int_flows_conformed') }}
),

flow_runs as (
    select * from {{ ref('fct_flow_runs') }}
    where started_at < {{ as_of_at() }}
),

windows as (
    select * from {{ ref('stg_cards__windows') }}
    where card_id = 'power_automate_flow_failures'
),

last_runs as (
    select
        instance,
        flow_id,
        max(started_at) as last_run_at,
        max(case when run_status = 'succeeded' then started_at end) as last_success_at
    from flow_runs
    group by instance, flow_id
)

select
    cast(flows.instance || ':' || flows.flow_id as string) as flow_key,
    cast(flows.instance as string) as instance,
    cast(flows.flow_id as string) as flow_id,
    cast(flows.flow_name as string) as flow_name,
    cast(flows.purpose as string) as purpose,
    cast(flows.flow_state as string) as flow_state,
    cast(last_runs.last_run_at as timestamp) as last_run_at,
    cast(last_runs.last_success_at as timestamp) as last_success_at,
    cast(
        case
            when flows.flow_state = 'off' then 'off'
            when flows.flow_state = 'suspended' then 'suspended'
            when last_runs.last_success_at is null
                or last_runs.last_success_at < windows.as_of_at
                    - windows.stale_hours * interval 1 hour
                then 'stale'
            else 'healthy'
        end as string
    ) as flow_health
from flows
left join windows
    on true
left join last_runs
    on flows.instance = last_runs.instance
    and flows.flow_id = last_runs.flow_id
