-- Grain: one form field of the billing address of one BigCommerce order of the look-back.
with

orders as (
    select * from {{ ref('stg_bigcommerce__orders') }}
    where form_fields is not null
),

exploded as (
    select
        instance,
        order_id,
        {{ json_elements('form_fields') }} as form_field
    from orders
)

select distinct
    instance,
    order_id,
    {{ json_text('form_field', 'name') }} as attribute_name,
    {{ blank_to_null(json_text('form_field', 'value')) }} as attribute_value
from exploded
