-- What: every active order of the look-back has a legal entity.
-- When it matters: an unmapped order is absent only if no entity has its customer, so absences may
-- be missed.
-- How to fix: add its country to field_map_ship_to_countries, or a default entity to its store in
-- field_map_stores.
{{ config(severity='warn', group='data_platform') }}
with

orders as (
    select * from {{ ref('fct_orders') }}
    where is_active and mapping_status = 'unmapped'
)

select
    platform,
    instance,
    country_code,
    count(*) as order_count,
    min(order_key) as example_order_key
from orders
group by platform, instance, country_code
