-- Grain: one company of BigCommerce B2B Edition.
with

companies as (
    select * from {{ source('raw_bigcommerce', 'companies') }}
)

select
    instance,
    company_id,
    {{ blank_to_null('company_name') }} as company_name,
    {{ blank_to_null('company_email') }} as company_email,
    {{ blank_to_null('company_phone') }} as phone,
    {{ blank_to_null('company_status') }} as company_status,
    {{ blank_to_null('bc_group_name') }} as customer_group_name,
    extra_fields
from companies
