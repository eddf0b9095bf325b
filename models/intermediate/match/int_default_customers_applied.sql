-- Grain: one active order that a default (catch-all or one-time) customer of the field map covers.
-- The default customer must exist in the master of an entity of the order's destination, which may
-- be the one that it shares.
with

orders as (
    select order_key, platform, instance
    from {{ ref('int_orders') }}
    where is_active
),

facets as (
    select * from {{ ref('int_order_facets') }}
    where facet_type in ('ship_to', 'channel')
),

d365_customers as (
    select * from {{ ref('int_erp_parties') }}
    where d365_system != 'dataverse'
),

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
),

default_customers as (
    select distinct
        field_map.legal_entity_id,
        field_map.d365_customer_id,
        lower(field_map.covers) as covers,
        lower(trim(field_map.covers_value)) as covers_value
    from {{ ref('field_map_default_customers') }} as field_map
    inner join legal_entities
        on field_map.legal_entity_id = legal_entities.legal_entity_id
    inner join d365_customers
        on d365_customers.legal_entity_id in (
            legal_entities.legal_entity_id, legal_entities.customer_master_legal_entity_id
        )
        and {{ canonical_account('field_map.d365_customer_id') }}
            = {{ canonical_account('d365_customers.d365_customer_id') }}
),

scopes as (
    select order_key, 'all' as covers, cast(null as string) as covers_value from orders
    union all
    select order_key, 'country', lower(ship_to_country_code) from facets
    where facet_type = 'ship_to'
    union all
    select order_key, 'channel', facet_value from facets
    where facet_type = 'channel'
    union all
    select order_key, 'store', lower(platform || ':' || instance) from orders
    union all
    select order_key, 'store', lower(instance) from orders
)

select
    orders.order_key,
    {{ sorted_list('default_customers.d365_customer_id') }} as default_d365_customer_ids
from orders
inner join {{ ref('int_order_destinations') }} as destinations
    on orders.order_key = destinations.order_key
inner join scopes
    on orders.order_key = scopes.order_key
inner join default_customers
    on array_contains(destinations.legal_entity_ids, default_customers.legal_entity_id)
    and scopes.covers = default_customers.covers
    and (default_customers.covers = 'all' or scopes.covers_value = default_customers.covers_value)
group by orders.order_key
