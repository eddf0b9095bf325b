-- What: an override ends on or after its first day.
-- When it matters: otherwise it is silently never applied.
-- How to fix: swap valid_from and valid_to in field_map_customer_overrides.
{{ config(group='data_platform') }}
select
    key_type,
    key_value,
    legal_entity_id,
    valid_from,
    valid_to
from {{ ref('field_map_customer_overrides') }}
where valid_from > valid_to
