-- Grain: one card of the registry, with what is wrong with the resources that it reads: never
-- loaded, newest load refused, no longer delivered, no record kept, rows without a time. Lists for
-- people, NULL without any.
with

registry as (
    select * from {{ ref('card_registry') }}
),

stores as (
    select * from {{ ref('field_map_stores') }}
),

resources as (
    select
        resources_loaded.*,
        case when resources_loaded.source_name in ('{{ var("platforms") | join("', '") }}')  -- noqa: LT05
            then 'commerce' else resources_loaded.source_name end
            || '.' || resources_loaded.resource_name as resource,
        resources_loaded.source_name || '.' || resources_loaded.resource_name || ' of '
            || resources_loaded.instance as resource_text,
        ' (last delivered ' || {{ minute_text('resources_loaded.delivered_at') }} || ')'
            as delivered_text,
        {{ as_of_date() }} = {{ run_date() }} and resources_loaded.delivered_at
            < {{ run_at() }} - interval {{ var('max_order_age_hours') }} hours as is_late
    from {{ ref('int_resources_loaded') }} as resources_loaded
    left join stores
        on resources_loaded.source_name = stores.platform
        and resources_loaded.instance = lower(stores.instance)
    where coalesce(stores.is_in_scope, true)
),

named as (
    {% for need, column in [
        ('always', 'required_resources'), ('mapped', 'required_where_mapped'),
        ('document', 'value_resources'),
    ] %}
    select card_id, '{{ need }}' as need, {{ split_rows(column, '|') }} as resource from registry
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- entity by entity what the field map asks for, and beside it what no card names (companies, rates,
-- addresses): that serves every card of its source
needed as (
    select named.*, entities.legal_entity_id, entities.instance, entities.place
    from named
    left join {{ ref('int_entity_instances') }} as entities
        on split_part(named.resource, '.', 1) = entities.source_name
        and (entities.has_own_master or not named.resource like '%.customers')
    where named.need = 'always' or entities.legal_entity_id is not null
    union
    select named.card_id, 'beside', resources.resource, null, null, null
    from named
    inner join resources
        on split_part(named.resource, '.', 1) = split_part(resources.resource, '.', 1)
    where not exists (select 1 from named as others where others.resource = resources.resource)
),

found as (
    select
        needed.card_id, needed.need, needed.resource, needed.legal_entity_id,
        needed.resource || coalesce(' of ' || needed.place, '') as needed_text,
        resources.source_name, resources.resource_name, resources.instance, resources.is_loaded,
        resources.is_refused, resources.is_late, resources.is_recorded,
        resources.resource_text, resources.delivered_text,
        resources.resource_text || ': ' || resources.remark as remark
    from needed
    left join resources
        on needed.resource = resources.resource
        and (needed.legal_entity_id is null or needed.instance = resources.instance)
),

looked_up as (
    select
        card_id,
        need,
        needed_text || case when bool_or(is_refused) then ' (refused)' else '' end as needed_text,
        case when resource like 'd365%.customers' then split_part(resource, '.', 1) end
            as master_source,
        coalesce(bool_or(is_loaded), false) as is_loaded
    from found
    where need != 'beside'
    group by card_id, need, resource, legal_entity_id, needed_text
),

missing as (
    select
        card_id,
        {{ sorted_list("case when need != 'document' and not is_loaded then needed_text end") }}
            as missing_resources,
        {{ sorted_list("case when need = 'document' and not is_loaded then needed_text end") }}
            as missing_documents,
        bool_or(need = 'document' and is_loaded) as has_documents,
        {{ sorted_list('master_source') }} as master_sources
    from looked_up
    group by card_id
),

-- masters have a guard of their own; lists of flows and companies may be as old as they like
delivered as (
    select
        card_id,
        {{ sorted_list('case when is_loaded and is_refused then resource_text end') }}
            as refused_resources,
        {{ sorted_list("case when is_late and resource = 'commerce.orders'
            then source_name || ' ' || instance || delivered_text end") }} as late_stores,
        {{ sorted_list("case when is_late and need in ('always', 'mapped')
            and resource_name not in ('orders', 'customers', 'workflows', 'cdm_companies')
            then resource_text || delivered_text end") }} as late_resources,
        {{ sorted_list("case when is_late and need = 'document'
            then resource_text || delivered_text end") }} as late_documents,
        coalesce(bool_or(is_recorded), true) as has_record,
        {{ sorted_list('case when is_loaded then remark end') }} as remarks
    from found
    group by card_id
),

unloaded_stores as (
    select
        {{ sorted_list("case when is_in_scope then platform || ' ' || instance end") }}
            as unloaded_stores,
        {{ sorted_list("case when not is_in_scope then platform || ' ' || instance end") }}
            as stores_out_of_scope
    from stores
    where not exists (
        select 1 from resources
        where resources.source_name = stores.platform
            and resources.instance = lower(stores.instance)
            and resources.resource_name = 'orders'
            and resources.is_loaded
    )
)

select
    missing.*,
    delivered.refused_resources,
    delivered.late_stores,
    delivered.late_resources,
    delivered.late_documents,
    delivered.has_record,
    delivered.remarks,
    unloaded_stores.*
from registry
inner join missing
    on registry.card_id = missing.card_id
inner join delivered
    on registry.card_id = delivered.card_id
left join unloaded_stores
    on contains('|' || registry.required_resources || '|', '|commerce.orders|')
