-- Grain: one key field of one Adobe Commerce order, quote, account or company, under the name that
-- the field map uses.
with

orders as (
    select * from {{ ref('stg_adobe_commerce__orders') }}
),

customers as (
    select * from {{ ref('stg_adobe_commerce__customers') }}
),

quotes as (
    select * from {{ ref('stg_adobe_commerce__negotiable_quotes') }}
),

companies as (
    select * from {{ ref('stg_adobe_commerce__companies') }}
),

payers as (
    select distinct instance, customer_id, billing_country from orders
),

attributes as (
    {{ named_values(
        'account', 'customers', 'customer_id', 'custom_attributes', 'attribute_code', 'value'
    ) }}
    union all
    {{ named_values(
        'company', 'companies', 'company_id', 'custom_attributes', 'attribute_code', 'value'
    ) }}
),

fields as (
    select 'order' as entity_type, instance, order_id as entity_id, 'order.email' as field_name,
        order_email as field_value, cast(null as string) as country_text
    from orders
    union all
    select 'order', instance, order_id, 'order.tax_id', customer_tax_id, billing_country from orders
    union all
    select 'order', instance, order_id, 'order.tax_id', billing_tax_id, billing_country from orders
    union all
    select 'order', instance, order_id, 'order.external_id', external_customer_id, null from orders
    union all
    select 'quote', instance, quote_id, 'quote.email', order_email, null from quotes
    union all
    select 'account', instance, customer_id, 'account.email', account_email, null from customers
    union all
    select 'account', customers.instance, customers.customer_id, 'account.tax_id',
        customers.tax_id, payers.billing_country
    from customers
    left join payers
        on customers.instance = payers.instance
        and customers.customer_id = payers.customer_id
    union all
    select 'company', instance, company_id, 'company.email', company_email, null from companies
    union all
    select 'company', instance, company_id, 'company.tax_id', tax_id, country from companies
    union all
    select 'company', instance, company_id, 'company.external_id', reseller_id, null from companies
    union all
    select entity_type, instance, entity_id, entity_type || '.attribute.' || attribute_name,
        attribute_value, null
    from attributes
)

{{ filled_fields('adobe_commerce') }}
