-- What: an entity that shares another one's customer master has no rows of its own in the master,
-- and the shared one has rows.
-- When it matters: rows of its own say that the companies do not share, or no longer; then
-- customers of the other company count as present here.
-- How to fix: empty customer_master_legal_entity_id of the entity, or delete the rows in D365.
-- Where the shared master has no rows, load the customers of that company.
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
    from {{ ref('int_d365_customers_unioned') }}
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
