-- Grain: one file (or API answer) of one resource: when it was last delivered, what was read of it.
with

files as (
    select * from {{ source('raw_load', 'files') }}
)

select
    source as source_name,
    instance,
    resource as resource_name,
    path as source_file,
    cast(modified_at as timestamp) as delivered_at,
    rows_read,
    rows_rejected
from files
