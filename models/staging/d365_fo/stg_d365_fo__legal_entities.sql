-- Grain: one legal entity (company) of F&O.
with

legal_entities as (
    select * from {{ source('raw_d365_fo', 'legal_entities') }}
)

select
    instance,
    lower(trim(legal_entity_id)) as data_area_id,
    {{ blank_to_null('name') }} as legal_entity_name,
    {{ blank_to_null('address_country_region_iso_code') }} as country
from legal_entities
