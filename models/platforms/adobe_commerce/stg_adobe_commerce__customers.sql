-- Grain: one Adobe Commerce customer account with an order in the look-back.
{{ config(materialized='table') }}
with

customers as (
    select * from {{ source('raw_adobe_commerce', 'customers') }} as customers
    where {{ has_an_order('adobe_commerce', 'customers.id') }}
)

select
    instance,
    id as customer_id,
    {{ blank_to_null("coalesce(firstname, '') || ' ' || coalesce(lastname, '')") }}
        as customer_name,
    {{ blank_to_null('email') }} as account_email,
    {{ blank_to_null('taxvat') }} as tax_id,
    {{ nested_id(json_text('extension_attributes', 'company_attributes.company_id')) }}
        as company_id,
    custom_attributes
from customers
