-- Grain: one Shopify draft order (a quote until it is completed into an order).
{% set casts = [
    ('created_at', 'created_at', 'time'),
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
    upper({{ blank_to_null('status') }}) as draft_status,
    {{ blank_to_null('email') }} as order_email,
    {{ nested_id(json_text('customer', 'id')) }} as customer_id,
    {{ nested_id(json_text('purchasing_entity', 'company.id')) }} as company_id,
    {{ nested_id(json_text('draft_orders.order', 'id')) }} as order_id,
    {{ rejected('shopify', 'draft_orders', gid_number('id'), casts) }}
from draft_orders
