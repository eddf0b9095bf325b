-- What: a default customer that covers a country, channel or store names it; one that covers all
-- names nothing.
-- When it matters: without the value it covers nothing, and its orders are counted as absent.
-- How to fix: fill covers_value in field_map_default_customers, or leave it empty for covers = all.
{{ config(group='data_platform') }}
select
    legal_entity_id,
    d365_customer_id,
    covers,
    covers_value
from {{ ref('field_map_default_customers') }}
where (covers = 'all') != ({{ blank_to_null('covers_value') }} is null)
