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

payers as (
    select 'order' as entity_type, instance, order_id as entity_id, billing_country from orders
    union
    select 'account', instance, customer_id, billing_country from orders
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
        order_email as field_value, cast(null as string) as country_text
    from orders
    union all
    select 'quote', instance, quote_id, 'quote.email', order_email, null from quotes
    union all
    select 'account', instance, customer_id, 'account.email', account_email, null from customers
    union all
    select 'company', instance, company_id, 'company.email', company_email, null from companies
    union all
    select entity_type, instance, entity_id, entity_type || '.attribute.' || attribute_name,
        attribute_value, null
    from attributes
    union all
    -- BigCommerce has no tax field: it sits in form fields and extra fields that say so in their
    -- name
    select attributes.entity_type, attributes.instance, attributes.entity_id,
        attributes.entity_type || '.tax_id', attributes.attribute_value, payers.billing_country
    from attributes
    left join payers
        on attributes.entity_type = payers.entity_type
        and attributes.instance = payers.instance
        and attributes.entity_id = payers.entity_id
    where {{ matches_pattern(
        'lower(attributes.attribute_name)', '(^|[^a-z])(vat|tax)(id|no|nr|number|code)?([^a-z]|$)'
    ) }}
)

{{ filled_fields('bigcommerce') }}
