-- Grain: one extra field of one BigCommerce B2B company.
with

companies as (
    select * from {{ ref('stg_bigcommerce__companies') }}
    where extra_fields is not null
),

exploded as (
    select
        instance,
        company_id,
        {{ json_elements('extra_fields') }} as extra_field
    from companies
)

select distinct
    instance,
    company_id,
    {{ json_text('extra_field', 'fieldName') }} as attribute_name,
    {{ blank_to_null(json_text('extra_field', 'fieldValue')) }} as attribute_value
from exploded
