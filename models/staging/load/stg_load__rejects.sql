-- Grain: one record that the load refused, or one reason of it.
with

rejects as (
    select * from {{ source('raw_load', 'rejects') }}
)

select
    source as source_name,
    instance,
    resource as resource_name,
    path as source_file,
    record_number,
    record_key,
    column_name,
    reason,
    value as rejected_value
from rejects
