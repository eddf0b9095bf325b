-- What: covers_value is set for a country, channel or store, and empty for all.
-- When it matters: without a value the row covers nothing, and its orders count as absent.
-- How to fix: fill covers_value in field_map_default_customers, or leave it empty for covers = all.
{{ config(group='data_platform') }}
select
    legal_entity_id,
    d365_customer_id,
    covers,
    covers_value
from {{ ref('field_map_default_customers') }}
where (covers = 'all') != ({{ blank_to_null('covers_value') }} is null)
