-- Grain: one Shopify draft order (a quote until it is completed into an order).
{% set casts = [
    ('created_at', 'created_at', 'time'),
    ('customer_id', 'customer.id', 'Customer id'),
    ('company_id', 'purchasing_entity.company.id', 'Company id'),
] %}
with

draft_orders as (
    select * from {{ source('raw_shopify', 'draft_orders') }}
)

select
    instance,
    {{ gid_number('id') }} as draft_order_id,
    {{ blank_to_null('name') }} as draft_order_name,
    {{ typed(casts) }},
    {{ nested_id(json_text('draft_orders.order', 'id'), 'Order') }} as order_id,
    upper({{ blank_to_null('status') }}) as draft_status,
    {{ blank_to_null('email') }} as order_email,
    {{ rejected('shopify', 'draft_orders', gid_number('id'), casts) }}
from draft_orders
