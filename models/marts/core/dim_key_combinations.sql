-- Grain: one combination of key types by which the headline can be counted.
with

combination_keys as (
    select * from {{ ref('int_key_combinations_listed') }}
)

select distinct
    cast(key_types as string) as key_types,
    cast(key_type_count as int) as key_type_count,
    is_headline
from combination_keys
