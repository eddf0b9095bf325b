-- Grain: one D365 customer and one key value that another customer of its company holds too.
with

shared_keys as (
    select * from {{ ref('int_d365_shared_keys_found') }}
)

select
    cast(d365_customer_key as string) as d365_customer_key,
    cast(erp as string) as erp,
    cast(instance as string) as instance,
    cast(erp_code as string) as erp_code,
    cast(key_type as string) as key_type,
    cast(key_value as string) as key_value,
    cast(holder_count as bigint) as holder_count
from shared_keys
