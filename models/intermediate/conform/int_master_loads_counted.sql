-- Grain: one legal entity with the state of its customer master: its rows, the load they came with,
-- and of their files the oldest delivery and what was rejected. An entity that shares
-- the customer master of another one has the state of that one.
with

legal_entities as (
    select
        legal_entity_id,
        'd365_' || lower(erp) as source_name,
        case when lower(erp) = 'bc' then lower(trim(erp_code)) end as instance,
        customer_master_legal_entity_id
    from {{ ref('field_map_legal_entities') }}
),

d365_customers as (
    select * from {{ ref('int_erp_parties') }}
    where legal_entity_id is not null
),

resources_loaded as (
    select * from {{ ref('int_resources_loaded') }}
    where resource_name = 'customers' and is_loaded
),

resource_loads as (
    select * from {{ ref('stg_load__resource_loads') }}
    where resource_name = 'customers' and outcome = 'loaded'
),

files as (
    select * from {{ ref('stg_load__files') }}
    where resource_name = 'customers'
),

counted as (
    select
        legal_entity_id,
        'd365_' || d365_system as source_name,
        instance,
        source_file,
        count(*) as row_count
    from d365_customers
    group by legal_entity_id, d365_system, instance, source_file
),

held as (
    select
        counted.legal_entity_id,
        sum(counted.row_count) as row_count,
        min(files.delivered_at) as delivered_at,
        sum(files.rows_read) as file_row_count,
        sum(files.rows_rejected) as rejected_row_count
    from counted
    left join files
        on counted.source_name = files.source_name
        and counted.instance = files.instance
        and counted.source_file = files.source_file
    group by counted.legal_entity_id
),

loaded as (
    select
        legal_entities.legal_entity_id,
        max(resource_loads.load_id) as load_id,
        max(resources_loaded.delivered_at) as delivered_at
    from legal_entities
    inner join resources_loaded
        on legal_entities.source_name = resources_loaded.source_name
        and coalesce(legal_entities.instance, resources_loaded.instance)
            = resources_loaded.instance
    left join resource_loads
        on resources_loaded.source_name = resource_loads.source_name
        and resources_loaded.instance = lower(resource_loads.instance)
    group by legal_entities.legal_entity_id
)

select
    legal_entities.legal_entity_id,
    legal_entities.customer_master_legal_entity_id,
    legal_entities.source_name,
    loaded.legal_entity_id is not null as is_loaded,
    loaded.load_id,
    coalesce(held.row_count, 0) as row_count,
    coalesce(held.delivered_at, loaded.delivered_at) as delivered_at,
    coalesce(held.file_row_count, 0) as file_row_count,
    coalesce(held.rejected_row_count, 0) as rejected_row_count
from legal_entities
left join loaded
    on legal_entities.customer_master_legal_entity_id = loaded.legal_entity_id
left join held
    on legal_entities.customer_master_legal_entity_id = held.legal_entity_id
