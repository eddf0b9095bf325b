-- What: an entity that shares a customer master has no rows in its own, and the shared master has
-- rows.
-- When it matters: with rows of its own it probably does not share; then customers of the other
-- company wrongly count as present.
-- How to fix: clear customer_master_legal_entity_id, delete the rows in D365, or load the customers
-- of the shared master.
{{ config(severity='warn', group='data_platform') }}
with

legal_entities as (
    select * from {{ ref('dim_legal_entities') }}
    where customer_master_legal_entity_id != legal_entity_id
),

held as (
    select
        legal_entity_id,
        count(*) as customer_count
    from {{ ref('int_erp_parties') }}
    group by legal_entity_id
)

select
    legal_entities.legal_entity_id,
    legal_entities.customer_master_legal_entity_id,
    coalesce(own.customer_count, 0) as own_customer_count,
    coalesce(shared.customer_count, 0) as shared_customer_count
from legal_entities
left join held as own
    on legal_entities.legal_entity_id = own.legal_entity_id
left join held as shared
    on legal_entities.customer_master_legal_entity_id = shared.legal_entity_id
where own.customer_count > 0
    or shared.customer_count is null
