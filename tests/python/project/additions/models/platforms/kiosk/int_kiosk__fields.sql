-- Grain: one key field of one order of the made-up storefront.
select distinct
    'kiosk:' || instance || ':' || order_id as entity_key,
    'order.email' as field_name,
    order_email as field_value,
    cast(null as string) as country_text
from {{ ref('stg_kiosk__orders') }}
where order_email is not null
