-- What: the ERP of every legal entity is loaded.
-- When it matters: until then, cards that use its customer master are not_available.
-- How to fix: deliver the extracts of the ERP, configure its API, or remove the entity from
-- field_map_legal_entities.
{{ config(severity='warn', group='data_platform') }}
with

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
),

sources_loaded as (
    select distinct source_name from {{ ref('int_resources_loaded') }}
    where is_loaded
)

select
    legal_entities.legal_entity_id,
    'd365_' || lower(legal_entities.erp) as missing_source
from legal_entities
left join sources_loaded
    on sources_loaded.source_name = 'd365_' || lower(legal_entities.erp)
where sources_loaded.source_name is null
