-- What: every name pattern of the field map fits a flow, if flows are loaded.
-- When it matters: the failed runs of a flow that was renamed are counted no more.
-- How to fix: compare name_pattern in field_map_integration_flows with the names in
-- stg_power_automate__flows.
{{ config(severity='warn', group='data_platform') }}
with

patterns as (
    select * from {{ ref('field_map_integration_flows') }}
),

flows as (
    select * from {{ ref('stg_power_automate__flows') }}
),

loaded as (
    select count(*) as flow_count from flows
)

select patterns.name_pattern
from patterns
cross join loaded
left join flows
    on lower(flows.flow_name) like lower(patterns.name_pattern)
where loaded.flow_count > 0 and flows.flow_id is null
