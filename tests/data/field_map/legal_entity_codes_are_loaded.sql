-- What: the ERP code of every legal entity occurs in the loaded D365 data (customers, legal
-- entities or companies).
-- When it matters: a wrong code has no customer master: the guard stops the cards of F&O, those of
-- Business Central are not_available. It may also be a company whose extracts come later.
-- How to fix: set erp_code in field_map_legal_entities to the dataAreaId of F&O or the instance
-- folder of the Business Central company.
{{ config(severity='warn', group='data_platform') }}
with

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
),

sources_loaded as (
    select distinct source_name from {{ ref('int_resources_loaded') }}
    where is_loaded
),

codes as (
    select 'fo' as erp, data_area_id as erp_code from {{ ref('stg_d365_fo__customers') }}
    union
    select 'fo' as erp, lower(trim(legal_entity_id)) as erp_code
    from {{ source('raw_d365_fo', 'legal_entities') }}
    union
    select 'bc' as erp, lower(instance) as erp_code from {{ ref('stg_d365_bc__customers') }}
    union
    select 'bc' as erp, lower(trim(name)) as erp_code from {{ source('raw_d365_bc', 'companies') }}
)

select
    legal_entities.legal_entity_id,
    legal_entities.erp,
    legal_entities.erp_code
from legal_entities
inner join sources_loaded
    on sources_loaded.source_name = 'd365_' || lower(legal_entities.erp)
left join codes
    on lower(legal_entities.erp) = codes.erp
    and lower(trim(legal_entities.erp_code)) = codes.erp_code
where codes.erp_code is null
    -- rows of a shared customer master have the code of the master's company
    and legal_entities.customer_master_legal_entity_id = legal_entities.legal_entity_id
