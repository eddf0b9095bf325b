-- What: an override ends on or after the day it begins.
-- When it matters: the other way round it is never applied, in silence.
-- How to fix: exchange valid_from and valid_to in field_map_customer_overrides.
{{ config(group='data_platform') }}
select
    key_type,
    key_value,
    legal_entity_id,
    valid_from,
    valid_to
from {{ ref('field_map_customer_overrides') }}
where valid_from > valid_to
