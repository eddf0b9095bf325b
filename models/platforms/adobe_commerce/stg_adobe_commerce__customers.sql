-- Grain: one Adobe Commerce customer account with an order in the look-back.
{{ config(materialized='table') }}
with

orders as (
    select * from {{ ref('stg_adobe_commerce__orders') }}
),

customers as (
    select * from {{ source('raw_adobe_commerce', 'customers') }} as customers
    where exists (
        select 1 from orders
        where orders.instance = customers.instance
            and orders.customer_id = customers.id
    )
)

select
    instance,
    id as customer_id,
    {{ blank_to_null("coalesce(firstname, '') || ' ' || coalesce(lastname, '')") }}
        as customer_name,
    {{ blank_to_null('email') }} as account_email,
    {{ blank_to_null('taxvat') }} as tax_id,
    nullif({{ json_text('extension_attributes', 'company_attributes.company_id') }}, '0')
        as company_id,
    custom_attributes
from customers
