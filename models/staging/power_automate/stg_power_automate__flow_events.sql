-- Grain: one event of flow-run ingestion (a gap in what Dataverse recorded).
with

flow_events as (
    select * from {{ source('raw_power_automate', 'flow_events') }}
)

select
    instance,
    floweventid as flow_event_id,
    {{ blank_to_null('eventtype') }} as event_type,
    {{ blank_to_null('eventcode') }} as event_code,
    {{ utc_timestamp('createdon') }} as created_at
from flow_events
