-- Grain: one attribute (named by its id) or form field (named by its label) of one BigCommerce
-- customer account.
with

customers as (
    select * from {{ ref('stg_bigcommerce__customers') }}
),

attributes as (
    select
        instance,
        customer_id,
        {{ json_elements('attributes') }} as attribute
    from customers
    where attributes is not null
),

form_fields as (
    select
        instance,
        customer_id,
        {{ json_elements('form_fields') }} as form_field
    from customers
    where form_fields is not null
)

select distinct
    instance,
    customer_id,
    {{ json_text('attribute', 'attribute_id') }} as attribute_name,
    {{ blank_to_null(json_text('attribute', 'attribute_value')) }} as attribute_value
from attributes
union
select distinct
    instance,
    customer_id,
    {{ json_text('form_field', 'name') }} as attribute_name,
    {{ blank_to_null(json_text('form_field', 'value')) }} as attribute_value
from form_fields
