-- What: every tag of the field map occurs on an order of the look-back, if its platform is loaded.
-- When it matters: with a misspelt tag, orders silently go to the entity of their country.
-- How to fix: compare tag_type and tag_value with int_order_facets; drop the row if the tag is no
-- longer used.
{{ config(severity='warn', group='data_platform') }}
with

platform_tags as (
    select * from {{ ref('field_map_platform_tags') }}
),

orders as (
    select order_key, platform, lower(instance) as instance from {{ ref('int_orders') }}
),

order_tags as (
    select distinct
        orders.platform,
        orders.instance,
        facets.facet_type,
        facets.facet_value
    from orders
    inner join {{ ref('int_order_facets') }} as facets
        on orders.order_key = facets.order_key
),

loaded_tags as (
    select platform_tags.*
    from platform_tags
    where exists (
        select 1 from orders
        where platform_tags.platform in ('*', orders.platform)
    )
)

select
    loaded_tags.platform,
    loaded_tags.instance,
    loaded_tags.tag_type,
    loaded_tags.tag_value
from loaded_tags
left join order_tags
    on lower(loaded_tags.tag_type) = order_tags.facet_type
    and lower(trim(loaded_tags.tag_value)) = order_tags.facet_value
    and loaded_tags.platform in ('*', order_tags.platform)
    and lower(loaded_tags.instance) in ('*', order_tags.instance)
where order_tags.facet_value is null
