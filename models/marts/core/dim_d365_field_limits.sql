-- Grain: one field of a new D365 customer of one ERP: when it is mandatory and how long it may be.
with

limits as (
    select * from {{ ref('d365_field_limits') }}
)

select
    cast(lower(erp) as string) as erp,
    cast(field_name as string) as field_name,
    cast(d365_field as string) as d365_field,
    cast(mandatory_for as string) as mandatory_for,
    cast(max_length as int) as max_length
from limits
