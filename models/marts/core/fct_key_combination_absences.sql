-- Grain: one combination of key types, customer of the headline's window and destination in which
-- none of these keys finds it.
with

absences as (
    select * from {{ ref('int_key_combination_absences_found') }}
)

select
    cast(key_types as string) as key_types,
    cast(customer_id as string) as customer_id,
    cast(destination_key as string) as destination_key,
    cast(order_count as bigint) as order_count,
    cast(open_value_reporting as decimal(18, 2)) as open_value_reporting
from absences
