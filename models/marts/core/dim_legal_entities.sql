-- Grain: one legal entity of the field map.
with

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
),

documents as (
    select distinct entity_instances.legal_entity_id
    from {{ ref('int_entity_instances') }} as entity_instances
    inner join {{ ref('int_resources_loaded') }} as resources_loaded
        on entity_instances.source_name = resources_loaded.source_name
        and entity_instances.instance = resources_loaded.instance
    where resources_loaded.is_loaded
        and resources_loaded.resource_name
        in ('sales_orders', 'free_text_invoices', 'sales_invoices')
)

select
    cast(legal_entities.legal_entity_id as string) as legal_entity_id,
    cast(legal_entity_name as string) as legal_entity_name,
    cast(lower(erp) as string) as erp,
    cast(lower(erp_code) as string) as erp_code,
    cast(upper(functional_currency_code) as string) as functional_currency_code,
    cast(upper(country_code) as string) as country_code,
    is_reporting_entity,
    cast(customer_master_legal_entity_id as string) as customer_master_legal_entity_id,
    documents.legal_entity_id is not null as are_documents_loaded
from legal_entities
left join documents
    on legal_entities.legal_entity_id = documents.legal_entity_id
