-- Grain: one run of a cloud flow (a retry is a run of its own).
{% set casts = [
    ('run_status', 'status', 'run status'),
    ('started_at', 'starttime', 'time or rejected'),
    ('ended_at', 'endtime', 'time'),
    ('is_primary', 'isprimary', 'boolean or true'),
] %}
with

flow_runs as (
    select * from {{ source('raw_power_automate', 'flow_runs') }}
)

select
    instance,
    {{ guid('flowrunid') }} as flow_run_id,
    {{ blank_to_null('name') }} as run_name,
    coalesce({{ guid('_workflow_value') }}, {{ guid('workflowid') }}) as flow_id,
    {{ typed(casts) }},
    {{ blank_to_null('errorcode') }} as error_code,
    {{ blank_to_null('errormessage') }} as error_message,
    {{ guid('parentrunid') }} as parent_run_id,
    {{ rejected('power_automate', 'flow_runs', 'flowrunid', casts) }}
from flow_runs
