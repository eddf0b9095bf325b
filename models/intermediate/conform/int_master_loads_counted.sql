-- Grain: one legal entity with the state of its customer master: rows now, the load they came with,
-- when it was read.
with

legal_entities as (
    select
        legal_entity_id,
        lower(erp) as erp,
        lower(erp_code) as erp_code
    from {{ ref('field_map_legal_entities') }}
),

d365_customers as (
    select * from {{ ref('int_d365_customers_unioned') }}
),

sources_configured as (
    select * from {{ ref('int_sources_configured') }}
),

resource_loads as (
    select * from {{ ref('stg_load__resource_loads') }}
    where source_name in ('d365_fo', 'd365_bc')
        and resource_name = 'customers'
        and outcome in ('loaded', 'unchanged')
),

counted as (
    select
        legal_entity_id,
        count(*) as row_count
    from d365_customers
    where legal_entity_id is not null
    group by legal_entity_id
),

loaded as (
    select
        legal_entities.legal_entity_id,
        max(case when resource_loads.outcome = 'loaded' then resource_loads.load_id end) as load_id,
        max(resource_loads.loaded_at) as loaded_at,
        max(resource_loads.extracted_at) as extracted_at
    from legal_entities
    inner join resource_loads
        on resource_loads.source_name = 'd365_' || legal_entities.erp
        and (legal_entities.erp = 'fo' or lower(resource_loads.instance) = legal_entities.erp_code)
    group by legal_entities.legal_entity_id
)

select
    legal_entities.legal_entity_id,
    'd365_' || legal_entities.erp as source_name,
    sources_configured.source_name is not null as is_configured,
    loaded.load_id,
    loaded.loaded_at,
    loaded.extracted_at,
    coalesce(counted.row_count, 0) as row_count
from legal_entities
left join sources_configured
    on sources_configured.source_name = 'd365_' || legal_entities.erp
left join loaded
    on legal_entities.legal_entity_id = loaded.legal_entity_id
left join counted
    on legal_entities.legal_entity_id = counted.legal_entity_id
