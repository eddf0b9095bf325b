-- What: every default customer exists in the loaded customer master of its legal entity.
-- When it matters: a missing one covers nothing, so its orders count as absent. Only a warning,
-- because after a deletion in D365 that is correct.
-- How to fix: correct d365_customer_id, create the catch-all customer in D365, or drop the row.
{{ config(severity='warn', group='data_platform') }}
with

default_customers as (
    select * from {{ ref('field_map_default_customers') }}
),

legal_entities as (
    select * from {{ ref('dim_legal_entities') }}
),

d365_customers as (
    select * from {{ ref('int_erp_parties') }} where d365_system != 'dataverse'
),

loaded_entities as (
    select distinct legal_entity_id from d365_customers
)

select
    default_customers.legal_entity_id,
    default_customers.d365_customer_id
from default_customers
inner join legal_entities
    on default_customers.legal_entity_id = legal_entities.legal_entity_id
inner join loaded_entities
    on legal_entities.customer_master_legal_entity_id = loaded_entities.legal_entity_id
left join d365_customers
    on d365_customers.legal_entity_id in (
        legal_entities.legal_entity_id, legal_entities.customer_master_legal_entity_id
    )
    and {{ canonical_account('default_customers.d365_customer_id') }}
        = {{ canonical_account('d365_customers.d365_customer_id') }}
where d365_customers.d365_customer_id is null
