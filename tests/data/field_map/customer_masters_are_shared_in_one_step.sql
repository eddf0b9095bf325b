-- What: customer_master_legal_entity_id names an entity of the field map and of the same ERP that
-- keeps a customer master of its own.
-- When it matters: always. A name that no row has, or an entity that shares a third one's master,
-- is looked up in an empty master, and every customer of the entity is absent.
-- How to fix: write the legal_entity_id of the entity that keeps the records, or leave the cell
-- empty.
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
