-- Grain: one legal entity that one rule level of the field map names for one order.
-- Levels: 1 override (a key of the order's customer is listed and the order date is in the validity
-- of the row), 2 platform_tag, 3 ship_to_country, 4 store_default.
with

orders as (
    select orders.order_key, orders.platform, orders.instance, orders.order_date,
        customers.customer_id
    from {{ ref('int_orders') }} as orders
    left join {{ ref('int_customers') }} as customers
        on orders.subject_key = customers.subject_key
    where orders.is_store_in_scope
),

overrides as (
    select
        lower(key_type) as key_type,
        lower(trim(key_value)) as key_value,
        legal_entity_id,
        coalesce(valid_from, cast('1900-01-01' as date)) as valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
    from {{ ref('field_map_customer_overrides') }}
),

customer_keys as (
    select customers.customer_id, subject_keys.key_type, lower(subject_keys.key_value) as key_value
    from {{ ref('int_subject_keys') }} as subject_keys
    inner join {{ ref('int_customers') }} as customers
        on subject_keys.subject_key = customers.subject_key
    where subject_keys.is_headline
    union all
    select customer_id, 'subject', lower(subject_key)
    from {{ ref('int_customers') }}
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
    1 as level_rank,
    'override' as mapped_by,
    overrides.legal_entity_id
from overrides
inner join customer_keys
    on overrides.key_type = customer_keys.key_type
    and overrides.key_value = customer_keys.key_value
inner join orders
    on customer_keys.customer_id = orders.customer_id
    and orders.order_date between overrides.valid_from and overrides.valid_to
union
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
