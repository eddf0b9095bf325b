-- Grain: one key field of one BigCommerce order, account or company, under the name that the field
-- map uses.
with

orders as (
    select * from {{ ref('stg_bigcommerce__orders') }}
),

order_form_fields as (
    select * from {{ ref('stg_bigcommerce__order_form_fields') }}
),

customers as (
    select * from {{ ref('stg_bigcommerce__customers') }}
),

customer_attributes as (
    select * from {{ ref('stg_bigcommerce__customer_attributes') }}
),

companies as (
    select * from {{ ref('stg_bigcommerce__companies') }}
),

company_attributes as (
    select * from {{ ref('stg_bigcommerce__company_attributes') }}
),

attributes as (
    select 'order' as entity_type, instance, order_id as entity_id, attribute_name, attribute_value
    from order_form_fields
    union all
    select 'account', instance, customer_id, attribute_name, attribute_value
    from customer_attributes
    union all
    select 'company', instance, company_id, attribute_name, attribute_value from company_attributes
),

fields as (
    select 'order' as entity_type, instance, order_id as entity_id, 'order.email' as field_name,
        order_email as field_value
    from orders
    union all
    select 'account', instance, customer_id, 'account.email', account_email from customers
    union all
    select 'company', instance, company_id, 'company.email', company_email from companies
    union all
    select entity_type, instance, entity_id, entity_type || '.attribute.' || attribute_name,
        attribute_value
    from attributes
    union all
    -- BigCommerce has no tax field: it sits in form fields and extra fields that say so in their
    -- name
    select entity_type, instance, entity_id, entity_type || '.tax_id', attribute_value
    from attributes
    where {{ matches_pattern(
        'lower(attribute_name)', '(^|[^a-z])(vat|tax)(id|no|nr|number|code)?([^a-z]|$)'
    ) }}
)

select distinct
    'bigcommerce:' || instance || ':' || case when entity_type = 'order'
        then '' else entity_type || ':' end || entity_id
        as entity_key,
    field_name,
    trim(field_value) as field_value,
    cast(null as string) as country_text
from fields
where {{ blank_to_null('field_value') }} is not null
