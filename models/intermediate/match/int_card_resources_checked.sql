-- Grain: one card of the registry, with what is wrong with the resources that it reads: never
-- loaded, newest load refused, stores that deliver no orders. Lists for people, NULL without any.
with

registry as (
    select * from {{ ref('card_registry') }}
),

legal_entities as (
    select *, coalesce(customer_master_legal_entity_id, legal_entity_id) = legal_entity_id
            as has_own_master
    from {{ ref('field_map_legal_entities') }}
),

stores as (
    select * from {{ ref('field_map_stores') }}
),

resources as (
    select
        resources_loaded.*,
        case when resources_loaded.source_name in ('{{ var("platforms") | join("', '") }}')  -- noqa: LT05
            then 'commerce' else resources_loaded.source_name end as source_group,
        resources_loaded.source_name || '.' || resources_loaded.resource_name || ' of '
            || resources_loaded.instance as resource_text
    from {{ ref('int_resources_loaded') }} as resources_loaded
    left join stores
        on resources_loaded.source_name = stores.platform
        and resources_loaded.instance = lower(stores.instance)
    where coalesce(stores.is_in_scope, true)
),

named as (
    select card_id, 'always' as need, {{ split_rows('required_resources', '|') }} as resource
    from registry
    union all
    select card_id, 'mapped' as need, {{ split_rows('required_where_mapped', '|') }} as resource
    from registry
    union all
    select card_id, 'document' as need, {{ split_rows('value_resources', '|') }} as resource
    from registry
),

-- what the field map asks for: F&O as one, Business Central company by company
needed as (
    select card_id, need, resource, cast(null as string) as instance
    from named
    where need = 'always'
    union
    select named.card_id, named.need, named.resource,
        case when lower(legal_entities.erp) = 'bc' then lower(trim(legal_entities.erp_code)) end
    from named
    inner join legal_entities
        on split_part(named.resource, '.', 1) = 'd365_' || lower(legal_entities.erp)
    where named.need != 'always'
        and (legal_entities.has_own_master or not named.resource like '%.customers')
),

looked_up as (
    select
        needed.card_id,
        needed.need,
        needed.resource || coalesce(' of ' || needed.instance, '')
            || case when bool_or(resources.is_refused) then ' (refused)' else '' end
            as resource_text,
        case when needed.resource like 'd365%.customers' then split_part(needed.resource, '.', 1)
        end as master_source,
        coalesce(bool_or(resources.is_loaded), false) as is_loaded
    from needed
    left join resources
        on needed.resource = resources.source_group || '.' || resources.resource_name
        and coalesce(needed.instance, resources.instance) = resources.instance
    group by needed.card_id, needed.need, needed.resource, needed.instance
),

missing as (
    select
        card_id,
        {{ sorted_list("case when need != 'document' and not is_loaded then resource_text end") }}
            as missing_resources,
        {{ sorted_list("case when need = 'document' and not is_loaded then resource_text end") }}
            as missing_documents,
        bool_or(need = 'document' and is_loaded) as has_documents,
        {{ sorted_list('master_source') }} as master_sources
    from looked_up
    group by card_id
),

-- what no card names (companies, rates, addresses) serves every card of its source
refused as (
    select
        named.card_id,
        {{ sorted_list('resources.resource_text') }} as refused_resources
    from named
    inner join resources
        on split_part(named.resource, '.', 1) = resources.source_group
    where resources.is_loaded
        and resources.is_refused
        and (
            named.resource = resources.source_group || '.' || resources.resource_name
            or not exists (
                select 1 from named as others
                where others.resource = resources.source_group || '.' || resources.resource_name
            )
        )
    group by named.card_id
),

late_stores as (
    select {{ sorted_list("source_name || ' ' || instance || ' (last delivered ' || "
            ~ minute_text('delivered_at') ~ " || ')'") }} as late_stores
    from resources
    where source_group = 'commerce'
        and resource_name = 'orders'
        and {{ as_of_date() }} = {{ run_date() }}
        and delivered_at < {{ run_at() }} - interval {{ var('max_order_age_hours') }} hours
),

unloaded_stores as (
    select {{ sorted_list("stores.platform || ' ' || stores.instance") }} as unloaded_stores
    from stores
    where stores.is_in_scope
        and not exists (
            select 1 from resources
            where resources.source_name = stores.platform
                and resources.instance = lower(stores.instance)
                and resources.resource_name = 'orders'
                and resources.is_loaded
        )
)

select
    registry.card_id,
    missing.missing_resources,
    missing.missing_documents,
    missing.has_documents,
    missing.master_sources,
    refused.refused_resources,
    late_stores.late_stores,
    unloaded_stores.unloaded_stores
from registry
inner join missing
    on registry.card_id = missing.card_id
left join refused
    on registry.card_id = refused.card_id
left join late_stores
    on contains('|' || registry.required_resources || '|', '|commerce.orders|')
left join unloaded_stores
    on contains('|' || registry.required_resources || '|', '|commerce.orders|')
