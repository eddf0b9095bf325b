-- Grain: one event by which Dataverse says that it did not record flow runs.
with

flow_events as (
    select * from {{ ref('stg_power_automate__flow_events') }}
    where lower(event_type) = 'flowruningestion'
)

select
    cast(instance || ':' || flow_event_id as string) as flow_gap_key,
    cast(instance as string) as instance,
    cast(event_code as string) as event_code,
    cast(created_at as timestamp) as recorded_at
from flow_events
