-- Grain: one custom attribute (key and value) of one Shopify order of the look-back.
with

orders as (
    select * from {{ ref('stg_shopify__orders') }}
    where custom_attributes is not null
),

exploded as (
    select
        instance,
        order_id,
        {{ json_elements('custom_attributes') }} as attribute
    from orders
)

select distinct
    instance,
    order_id,
    {{ json_text('attribute', 'key') }} as attribute_name,
    {{ blank_to_null(json_text('attribute', 'value')) }} as attribute_value
from exploded
