-- Grain: one legal entity that one rule level of the field map names for one order.
-- Levels: 2 platform_tag, 3 ship_to_country, 4 store_default; before them comes 1, an override of
-- the customer (macro winning_candidates).
with

orders as (
    select order_key, platform, instance
    from {{ ref('int_orders') }}
    where is_store_in_scope
),

facets as (
    select * from {{ ref('int_order_facets') }}
),

platform_tags as (
    select * from {{ ref('field_map_platform_tags') }}
),

ship_to_countries as (
    select * from {{ ref('field_map_ship_to_countries') }}
),

stores as (
    select * from {{ ref('field_map_stores') }}
)

select
    orders.order_key,
    2 as level_rank,
    'platform_tag' as mapped_by,
    platform_tags.legal_entity_id
from orders
inner join facets
    on orders.order_key = facets.order_key
inner join platform_tags
    on facets.facet_type = lower(platform_tags.tag_type)
    and facets.facet_value = lower(trim(platform_tags.tag_value))
    and platform_tags.platform in ('*', orders.platform)
    and (platform_tags.instance = '*' or lower(platform_tags.instance) = lower(orders.instance))
union
select
    orders.order_key,
    3 as level_rank,
    'ship_to_country' as mapped_by,
    ship_to_countries.legal_entity_id
from orders
inner join facets
    on orders.order_key = facets.order_key
inner join ship_to_countries
    on facets.ship_to_country_code = upper(ship_to_countries.country_code)
    and ship_to_countries.platform in ('*', orders.platform)
union
select
    orders.order_key,
    4 as level_rank,
    'store_default' as mapped_by,
    stores.default_legal_entity_id as legal_entity_id
from orders
inner join stores
    on orders.platform = stores.platform
    and lower(orders.instance) = lower(stores.instance)
where stores.default_legal_entity_id is not null
