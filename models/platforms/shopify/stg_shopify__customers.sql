-- Grain: one Shopify customer account with an order in the look-back.
{{ config(materialized='table') }}
with

customers as (
    select * from {{ source('raw_shopify', 'customers') }} as customers
    where {{ has_an_order('shopify', gid_number('customers.id')) }}
)

select
    instance,
    {{ gid_number('id') }} as customer_id,
    {{ blank_to_null('display_name') }} as customer_name,
    coalesce({{ json_text('default_email_address', 'emailAddress') }}, {{ blank_to_null('email') }})
        as account_email,
    {{ blank_to_null(json_text('tax_settings', 'taxId')) }} as tax_id,
    {{ address_country('default_address', ['countryCodeV2', 'countryCode', 'country']) }}
        as country,
    {{ json_text('default_address', 'zip') }} as postal_code,
    tags
from customers
