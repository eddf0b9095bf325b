-- Grain: one BigCommerce customer account with an order in the look-back.
{{ config(materialized='table') }}
with

customers as (
    select * from {{ source('raw_bigcommerce', 'customers') }} as customers
    where {{ has_an_order('bigcommerce', 'customers.id') }}
)

select
    instance,
    id as customer_id,
    {{ blank_to_null('company') }} as company_name,
    {{ blank_to_null("coalesce(first_name, '') || ' ' || coalesce(last_name, '')") }}
        as customer_name,
    {{ blank_to_null('email') }} as account_email,
    {{ blank_to_null('phone') }} as phone,
    {{ blank_to_null('customer_group_id') }} as customer_group_id,
    attributes,
    form_fields
from customers
