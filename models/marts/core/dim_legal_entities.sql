-- Grain: one legal entity of the field map.
with

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
)

select
    cast(legal_entity_id as string) as legal_entity_id,
    cast(legal_entity_name as string) as legal_entity_name,
    cast(lower(erp) as string) as erp,
    cast(lower(erp_code) as string) as erp_code,
    cast(upper(functional_currency_code) as string) as functional_currency_code,
    cast(upper(country_code) as string) as country_code,
    is_reporting_entity
from legal_entities
