-- Grain: one run of a cloud flow of the ecom integration.
with

flow_runs as (
    select * from {{ ref('stg_power_automate__flow_runs') }}
),

flows as (
    select * from {{ ref('int_flows_conformed') }}
)

select
    flow_runs.instance || ':' || flow_runs.flow_run_id as flow_run_key,
    flow_runs.instance,
    flow_runs.flow_id,
    flows.flow_name,
    flows.purpose,
    flow_runs.run_name,
    flow_runs.run_status,
    coalesce(flow_runs.run_status = 'failed', false) as is_failed,
    flow_runs.is_primary and flow_runs.parent_run_id is null as is_primary,
    flow_runs.started_at,
    flow_runs.ended_at,
    flow_runs.error_code,
    flow_runs.error_message
from flow_runs
inner join flows
    on flow_runs.instance = flows.instance
    and flow_runs.flow_id = flows.flow_id
