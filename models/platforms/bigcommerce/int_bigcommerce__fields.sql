-- Grain: one key field of one BigCommerce order, quote, account or company, under the name that the
-- field map uses.
with

orders as (
    select * from {{ ref('stg_bigcommerce__orders') }}
),

customers as (
    select * from {{ ref('stg_bigcommerce__customers') }}
),

quotes as (
    select * from {{ ref('stg_bigcommerce__quotes') }}
),

companies as (
    select * from {{ ref('stg_bigcommerce__companies') }}
),

attributes as (
    {{ named_values('order', 'orders', 'order_id', 'form_fields', 'name', 'value') }}
    union all
    {{ named_values('account', 'customers', 'customer_id', 'form_fields', 'name', 'value') }}
    union all
    {{ named_values(
        'account', 'customers', 'customer_id', 'attributes', 'attribute_id', 'attribute_value'
    ) }}
    union all
    {{ named_values(
        'company', 'companies', 'company_id', 'extra_fields', 'fieldName', 'fieldValue'
    ) }}
),

fields as (
    select 'order' as entity_type, instance, order_id as entity_id, 'order.email' as field_name,
        order_email as field_value
    from orders
    union all
    select 'quote', instance, quote_id, 'quote.email', order_email from quotes
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

{{ filled_fields('bigcommerce', 'cast(null as string)') }}
