-- What: every store in scope of a loaded platform has an order in the look-back.
-- When it matters: a store whose extract stopped, or with a misspelt name, drops out of all cards.
-- How to fix: compare instance in field_map_stores with the extract folder; request the missing
-- extract.
{{ config(severity='warn', group='data_platform') }}
with

stores as (
    select * from {{ ref('field_map_stores') }}
    where is_in_scope
),

platforms_loaded as (
    select distinct source_name from {{ ref('int_resources_loaded') }}
    where is_loaded
),

orders as (
    select distinct platform, lower(instance) as instance from {{ ref('int_orders') }}
)

select
    stores.platform,
    stores.instance
from stores
inner join platforms_loaded
    on stores.platform = platforms_loaded.source_name
left join orders
    on stores.platform = orders.platform
    and lower(stores.instance) = orders.instance
where orders.instance is null
