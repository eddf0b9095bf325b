-- Grain: one load of one resource of one instance.
with

resource_loads as (
    select * from {{ source('raw_load', 'resource_loads') }}
)

select
    source as source_name,
    instance,
    resource as resource_name,
    load_id,
    cast(loaded_at as timestamp) as loaded_at,
    cast(extracted_at as timestamp) as extracted_at,
    origin,
    is_whole,
    outcome,
    rows_read,
    rows_loaded,
    rows_rejected,
    row_count,
    message
from resource_loads
