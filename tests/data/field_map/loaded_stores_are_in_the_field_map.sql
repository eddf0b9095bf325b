-- What: every store with an order in the look-back is in field_map_stores.
-- When it matters: its orders count, but as DTC, without a default entity and with the default
-- order-reference rule.
-- How to fix: add the platform and instance to field_map_stores (is_in_scope false excludes its
-- orders).
{{ config(severity='warn', group='data_platform') }}
with

orders as (
    select * from {{ ref('int_orders') }}
),

stores as (
    select * from {{ ref('field_map_stores') }}
)

select
    orders.platform,
    orders.instance,
    count(*) as order_count
from orders
left join stores
    on orders.platform = stores.platform
    and lower(orders.instance) = lower(stores.instance)
where stores.instance is null
group by orders.platform, orders.instance
