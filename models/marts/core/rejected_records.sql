-- Grain: one rejected record or value, with where it stands and why.
with

rejects as (
    select * from {{ ref('int_rejects_unioned') }}
)

select
    cast(source_name as string) as source_name,
    cast(instance as string) as instance,
    cast(resource_name as string) as resource_name,
    cast(record_key as string) as record_key,
    cast(column_name as string) as column_name,
    cast(rejected_value as string) as rejected_value,
    cast(reason as string) as reason,
    cast(source_file as string) as source_file,
    cast(record_number as bigint) as record_number,
    cast(stage as string) as stage
from rejects
