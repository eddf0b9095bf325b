-- Grain: one run of a cloud flow that belongs to the ecom integration (a name pattern of the field
-- map).
with

flow_runs as (
    select * from {{ ref('int_flow_runs_conformed') }}
)

select
    cast(flow_run_key as string) as flow_run_key,
    cast(instance as string) as instance,
    cast(flow_id as string) as flow_id,
    cast(flow_name as string) as flow_name,
    cast(purpose as string) as purpose,
    cast(run_name as string) as run_name,
    cast(run_status as string) as run_status,
    is_failed,
    is_primary,
    cast(started_at as timestamp) as started_at,
    cast(ended_at as timestamp) as ended_at,
    cast(error_code as string) as error_code,
    cast(error_message as string) as error_message
from flow_runs
