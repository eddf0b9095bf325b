-- Grain: one cloud flow (Dataverse workflow of category 5).
with

workflows as (
    select * from {{ source('raw_power_automate', 'workflows') }}
)

select
    instance,
    workflowid as flow_id,
    {{ blank_to_null('name') }} as flow_name,
    case trim(statecode) when '0' then 'off' when '1' then 'on' when '2' then 'suspended' end
        as flow_state,
    {{ blank_to_null('suspensionreasondetails') }} as suspension_reason
from workflows
where coalesce(trim(category), '5') = '5'
