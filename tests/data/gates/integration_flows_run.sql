-- What: no flow of the integration is off or suspended.
-- When it matters: such a flow fails no run, so the flow card stays at 0 while nothing arrives.
-- How to fix: turn the flow on in Power Automate, resubmit what it missed; a flow that is retired
-- leaves the name patterns of field_map_integration_flows.
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
