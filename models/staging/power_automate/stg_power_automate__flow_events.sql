-- Grain: one event of flow-run ingestion (a gap in what Dataverse recorded).
{% set casts = [
    ('created_at', 'createdon', 'time or rejected'),
] %}
with

flow_events as (
    select * from {{ source('raw_power_automate', 'flow_events') }}
)

select
    instance,
    {{ guid('floweventid') }} as flow_event_id,
    {{ blank_to_null('eventtype') }} as event_type,
    {{ blank_to_null('eventcode') }} as event_code,
    {{ typed(casts) }},
    {{ rejected('power_automate', 'flow_events', 'floweventid', casts) }}
from flow_events
