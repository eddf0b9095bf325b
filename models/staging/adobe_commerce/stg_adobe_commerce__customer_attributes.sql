-- Grain: one custom attribute of one Adobe Commerce customer account.
with

customers as (
    select * from {{ ref('stg_adobe_commerce__customers') }}
    where custom_attributes is not null
),

exploded as (
    select
        instance,
        customer_id,
        {{ json_elements('custom_attributes') }} as attribute
    from customers
)

select distinct
    instance,
    customer_id,
    {{ json_text('attribute', 'attribute_code') }} as attribute_name,
    {{ blank_to_null(json_text('attribute', 'value')) }} as attribute_value
from exploded
