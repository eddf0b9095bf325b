-- Grain: one legal entity and D365 instance that may contain its documents: its company of Business
-- Central; of F&O the environment with its customers and any without customers. Where it is unknown
-- its environment, all of them; instance is NULL where there is none. place: how people call it,
-- NULL for the only environment of F&O.
with

legal_entities as (
    select
        legal_entity_id,
        'd365_' || lower(erp) as source_name,
        case when lower(erp) = 'bc' then lower(trim(erp_code)) end as company,
        coalesce(customer_master_legal_entity_id, legal_entity_id) as master_legal_entity_id
    from {{ ref('field_map_legal_entities') }}
),

homes as (
    select distinct 'd365_' || d365_system as source_name, lower(instance) as instance,
        legal_entity_id
    from {{ ref('int_erp_parties') }}
    where legal_entity_id is not null
),

instances as (
    select
        resources_loaded.source_name,
        resources_loaded.instance,
        bool_or(homes.instance is not null) as has_customers,
        sum(max(case when homes.instance is not null then 1 end)) over (
            partition by resources_loaded.source_name
        ) as home_count
    from {{ ref('int_resources_loaded') }} as resources_loaded
    left join homes
        on resources_loaded.source_name = homes.source_name
        and resources_loaded.instance = homes.instance
    group by resources_loaded.source_name, resources_loaded.instance
),

paired as (
    select
        legal_entities.legal_entity_id,
        legal_entities.source_name,
        legal_entities.company,
        legal_entities.legal_entity_id = legal_entities.master_legal_entity_id as has_own_master,
        instances.instance,
        instances.has_customers,
        instances.home_count,
        homes.instance as home,
        bool_or(homes.instance is not null) over (
            partition by legal_entities.legal_entity_id
        ) as has_home
    from legal_entities
    left join instances
        on legal_entities.source_name = instances.source_name
        and coalesce(legal_entities.company, instances.instance) = instances.instance
    left join homes
        on legal_entities.source_name = homes.source_name
        and legal_entities.master_legal_entity_id = homes.legal_entity_id
        and instances.instance = homes.instance
)

select
    legal_entity_id,
    source_name,
    has_own_master,
    instance,
    case
        when company is not null then company
        when home_count > 1 then max(home) over (partition by legal_entity_id)
    end as place
from paired
where company is not null or home is not null or not has_home or not has_customers
