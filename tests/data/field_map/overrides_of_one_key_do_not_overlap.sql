-- What: a customer key has one override at a time.
-- When it matters: overlapping overrides with two entities make orders ambiguous.
-- How to fix: end the older row of field_map_customer_overrides the day before the newer one
-- starts.
{{ config(severity='warn', group='data_platform') }}
with

overrides as (
    select
        key_type,
        lower(trim(key_value)) as key_value,
        legal_entity_id,
        coalesce(valid_from, cast('1900-01-01' as date)) as valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
    from {{ ref('field_map_customer_overrides') }}
)

select
    first_row.key_type,
    first_row.key_value,
    first_row.legal_entity_id,
    second_row.legal_entity_id as other_legal_entity_id
from overrides as first_row
inner join overrides as second_row
    on first_row.key_type = second_row.key_type
    and first_row.key_value = second_row.key_value
    and first_row.legal_entity_id < second_row.legal_entity_id
    and first_row.valid_from <= second_row.valid_to
    and second_row.valid_from <= first_row.valid_to
