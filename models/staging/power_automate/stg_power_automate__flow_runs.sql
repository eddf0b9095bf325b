-- Grain: one run of a cloud flow (a retry is a run of its own).
with

flow_runs as (
    select * from {{ source('raw_power_automate', 'flow_runs') }}
)

select
    instance,
    flowrunid as flow_run_id,
    {{ blank_to_null('name') }} as run_name,
    coalesce({{ blank_to_null('_workflow_value') }}, {{ blank_to_null('workflowid') }}) as flow_id,
    lower({{ blank_to_null('status') }}) as run_status,
    {{ utc_timestamp('starttime') }} as started_at,
    {{ utc_timestamp('endtime') }} as ended_at,
    {{ blank_to_null('errorcode') }} as error_code,
    {{ blank_to_null('errormessage') }} as error_message,
    coalesce({{ to_boolean('isprimary') }}, true) as is_primary,
    {{ blank_to_null('parentrunid') }} as parent_run_id
from flow_runs
