-- Grain: one Adobe Commerce B2B company.
with

companies as (
    select * from {{ source('raw_adobe_commerce', 'companies') }}
)

select
    instance,
    id as company_id,
    coalesce({{ blank_to_null('legal_name') }}, {{ blank_to_null('company_name') }})
        as company_name,
    {{ blank_to_null('company_email') }} as company_email,
    {{ blank_to_null('vat_tax_id') }} as tax_id,
    {{ blank_to_null('reseller_id') }} as reseller_id,
    {{ blank_to_null('country_id') }} as country,
    {{ blank_to_null('postcode') }} as postal_code,
    custom_attributes
from companies
