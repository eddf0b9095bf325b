-- Grain: one cloud flow of the ecom integration with its purpose: the longest name pattern of the
-- field map that fits.
with

flows as (
    select * from {{ ref('stg_power_automate__flows') }}
),

patterns as (
    select * from {{ ref('field_map_integration_flows') }}
),

ranked as (
    select
        flows.instance,
        flows.flow_id,
        flows.flow_name,
        flows.flow_state,
        patterns.purpose,
        row_number() over (
            partition by flows.instance, flows.flow_id
            order by length(patterns.name_pattern) desc, patterns.purpose asc
        ) as pattern_rank
    from flows
    inner join patterns
        on lower(flows.flow_name) like lower(patterns.name_pattern)
)

select
    instance,
    flow_id,
    flow_name,
    flow_state,
    lower(purpose) as purpose
from ranked
where pattern_rank = 1
