-- What: customer_master_legal_entity_id is an entity of the same ERP with its own customer master.
-- When it matters: always. Otherwise customers are looked up in an empty master, and all of the
-- entity are absent.
-- How to fix: set it to the legal_entity_id of the entity with the records, or leave it empty.
{{ config(group='data_platform') }}
with

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
)

select
    legal_entities.legal_entity_id,
    legal_entities.erp,
    legal_entities.customer_master_legal_entity_id,
    masters.erp as master_erp,
    masters.customer_master_legal_entity_id as master_of_master
from legal_entities
left join legal_entities as masters
    on legal_entities.customer_master_legal_entity_id = masters.legal_entity_id
where masters.legal_entity_id is null
    or masters.customer_master_legal_entity_id != masters.legal_entity_id
    or lower(masters.erp) != lower(legal_entities.erp)
