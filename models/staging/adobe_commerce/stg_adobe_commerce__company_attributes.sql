-- Grain: one custom attribute of one Adobe Commerce B2B company.
with

companies as (
    select * from {{ ref('stg_adobe_commerce__companies') }}
    where custom_attributes is not null
),

exploded as (
    select
        instance,
        company_id,
        {{ json_elements('custom_attributes') }} as attribute
    from companies
)

select distinct
    instance,
    company_id,
    {{ json_text('attribute', 'attribute_code') }} as attribute_name,
    {{ blank_to_null(json_text('attribute', 'value')) }} as attribute_value
from exploded
