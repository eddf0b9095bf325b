-- What: no flow of the integration is off or suspended.
-- When it matters: such a flow has no failed runs, so the flow card stays at 0 while nothing
-- arrives.
-- How to fix: turn the flow on in Power Automate and resubmit what it missed; remove a retired flow
-- from field_map_integration_flows.
{{ config(severity=var('alert_severity')) }}
with

flows as (
    select * from {{ ref('dim_flows') }}
    where flow_health in ('off', 'suspended')
)

select
    flow_key,
    flow_name,
    purpose,
    flow_health,
    last_run_at
from flows
