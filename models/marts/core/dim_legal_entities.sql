-- Grain: one legal entity of the field map.
with

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
),

-- F&O documents name their company, those of Business Central come from its own instance
documents as (
    select distinct
        source_name,
        case when source_name = 'd365_bc' then instance end as instance
    from {{ ref('int_resources_loaded') }}
    where is_loaded
        and resource_name in ('sales_orders', 'free_text_invoices', 'sales_invoices')
)

select
    cast(legal_entity_id as string) as legal_entity_id,
    cast(legal_entity_name as string) as legal_entity_name,
    cast(lower(erp) as string) as erp,
    cast(lower(erp_code) as string) as erp_code,
    cast(upper(functional_currency_code) as string) as functional_currency_code,
    cast(upper(country_code) as string) as country_code,
    is_reporting_entity,
    cast(customer_master_legal_entity_id as string) as customer_master_legal_entity_id,
    documents.source_name is not null as are_documents_loaded
from legal_entities
left join documents
    on documents.source_name = 'd365_' || lower(legal_entities.erp)
    and coalesce(documents.instance, lower(trim(legal_entities.erp_code)))
        = lower(trim(legal_entities.erp_code))
