-- What: every store in scope of a loaded platform has an order in the look-back.
-- When it matters: a store whose extract has stopped, or whose name is misspelt, drops out of every
-- card.
-- How to fix: compare instance in field_map_stores with the extract folder; ask for the missing
-- extract.
{{ config(severity='warn', group='data_platform') }}
with

stores as (
    select * from {{ ref('field_map_stores') }}
    where is_in_scope
),

sources_configured as (
    select * from {{ ref('int_sources_configured') }}
),

orders as (
    select distinct platform, lower(instance) as instance from {{ ref('int_orders_classified') }}
)

select
    stores.platform,
    stores.instance
from stores
inner join sources_configured
    on stores.platform = sources_configured.source_name
left join orders
    on stores.platform = orders.platform
    and lower(stores.instance) = orders.instance
where orders.instance is null
