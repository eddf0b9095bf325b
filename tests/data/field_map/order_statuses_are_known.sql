-- What: every raw status in the look-back is in field_map_order_statuses.
-- When it matters: an unknown status counts as active, so too many orders may count.
-- How to fix: add the platform, raw status and order state to field_map_order_statuses.
{{ config(severity='warn', group='data_platform') }}
with

orders as (
    select * from {{ ref('int_orders') }}
    where not is_status_known
)

select
    platform,
    raw_status,
    count(*) as order_count,
    min(order_key) as example_order_key
from orders
group by platform, raw_status
