-- What: every name pattern of the field map matches a flow, if flows are loaded.
-- When it matters: failed runs of a renamed flow are no longer counted.
-- How to fix: compare name_pattern in field_map_integration_flows with stg_power_automate__flows.
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
