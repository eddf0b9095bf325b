-- Grain: one legal entity that the field map names for one order: those of the first level that
-- names any, platform_tag before ship_to_country before store_default. An override of the customer
-- comes before them (macro winning_candidates).
with

orders as (
    select order_key, platform, instance
    from {{ ref('int_orders') }}
    where is_store_in_scope
),

platform_tags as (
    select * from {{ ref('field_map_platform_tags') }}
),

ship_to_countries as (
    select * from {{ ref('field_map_ship_to_countries') }}
),

stores as (
    select * from {{ ref('field_map_stores') }}
),

tagged as (
    select distinct orders.order_key, platform_tags.legal_entity_id
    from (
        select * from {{ ref('int_order_facets') }}
        where facet_type not in {{ number_facets() }}
            and facet_value in (
                select lower(trim(platform_tags.tag_value)) from platform_tags
            )
    ) as facets
    inner join orders
        on facets.order_key = orders.order_key
    inner join platform_tags
        on facets.facet_type = lower(platform_tags.tag_type)
        and facets.facet_value = lower(trim(platform_tags.tag_value))
        and platform_tags.platform in ('*', orders.platform)
        and (
            platform_tags.instance = '*' or lower(platform_tags.instance) = lower(orders.instance)
        )
),

shipped as (
    select distinct orders.order_key, ship_to_countries.legal_entity_id
    from orders
    inner join {{ ref('int_order_facets') }} as facets
        on orders.order_key = facets.order_key
    inner join ship_to_countries
        on facets.ship_to_country_code = upper(ship_to_countries.country_code)
        and ship_to_countries.platform in ('*', orders.platform)
    where facets.facet_type = 'ship_to'
        and orders.order_key not in (select tagged.order_key from tagged)
)

select order_key, 'platform_tag' as mapped_by, legal_entity_id from tagged
union all
select order_key, 'ship_to_country', legal_entity_id from shipped
union all
select orders.order_key, 'store_default', stores.default_legal_entity_id
from orders
inner join stores
    on orders.platform = stores.platform
    and lower(orders.instance) = lower(stores.instance)
where stores.default_legal_entity_id is not null
    and orders.order_key not in (select tagged.order_key from tagged)
    and orders.order_key not in (select shipped.order_key from shipped)
