-- Grain: one key field of one Shopify order, account or company, under the name that the field map
-- uses.
with

orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

order_attributes as (
    select * from {{ ref('stg_shopify__order_attributes') }}
),

order_tags as (
    select * from {{ ref('stg_shopify__order_tags') }}
    where contains(tag, ':')
),

customers as (
    select * from {{ ref('stg_shopify__customers') }}
),

customer_tags as (
    select * from {{ ref('stg_shopify__customer_tags') }}
    where contains(tag, ':')
),

company_locations as (
    select * from {{ ref('stg_shopify__company_locations') }}
),

ordering_companies as (
    select distinct
        instance,
        company_id,
        company_location_id,
        company_external_id,
        company_location_external_id
    from orders
    where company_id is not null
),

fields as (
    select 'order' as entity_type, instance, order_id as entity_id, 'order.email' as field_name,
        order_email as field_value, cast(null as string) as country_text
    from orders
    union all
    select 'order', instance, order_id, 'order.attribute.' || attribute_name, attribute_value, null
    from order_attributes
    union all
    select 'order', instance, order_id, 'order.tag.' || split_part(tag, ':', 1),
        substr(tag, instr(tag, ':') + 1), null
    from order_tags
    union all
    select 'account', instance, customer_id, 'account.email', account_email, null from customers
    union all
    select 'account', instance, customer_id, 'account.tax_id', tax_id, country from customers
    union all
    select 'account', instance, customer_id, 'account.tag.' || split_part(tag, ':', 1),
        substr(tag, instr(tag, ':') + 1), null
    from customer_tags
    union all
    select 'company', instance, company_id, 'company.external_id', company_external_id, null
    from ordering_companies
    union all
    select 'company', instance, company_id, 'company_location.external_id',
        company_location_external_id, null
    from ordering_companies
    union all
    select 'company', ordering_companies.instance, ordering_companies.company_id, 'company.tax_id',
        company_locations.tax_id, company_locations.country
    from ordering_companies
    inner join company_locations
        on ordering_companies.instance = company_locations.instance
        and ordering_companies.company_location_id = company_locations.company_location_id
)

select distinct
    'shopify:' || instance || ':' || case when entity_type = 'order'
        then '' else entity_type || ':' end || entity_id
        as entity_key,
    field_name,
    trim(field_value) as field_value,
    country_text
from fields
where {{ blank_to_null('field_value') }} is not null
