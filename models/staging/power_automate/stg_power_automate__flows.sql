-- Grain: one cloud flow (Dataverse workflow of category 5, or of one that no list knows).
{% set casts = [
    ('flow_state', 'statecode', 'flow state'),
    ('is_cloud_flow', 'category', 'flow category'),
] %}
with

workflows as (
    select * from {{ source('raw_power_automate', 'workflows') }}
)

select
    instance,
    {{ guid('workflowid') }} as flow_id,
    {{ blank_to_null('name') }} as flow_name,
    {{ typed(casts) }},
    {{ blank_to_null('suspensionreasondetails') }} as suspension_reason,
    {{ rejected('power_automate', 'workflows', 'workflowid', casts) }}
from workflows
where coalesce({{ typed_value(casts, 'is_cloud_flow') }}, true)
