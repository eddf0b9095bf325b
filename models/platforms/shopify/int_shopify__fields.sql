-- Grain: one key field of one Shopify order, quote, account or company, under the name that the
-- field map uses.
with

orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

customers as (
    select * from {{ ref('stg_shopify__customers') }}
),

draft_orders as (
    select * from {{ ref('stg_shopify__draft_orders') }}
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

-- a tax id is that of who is billed: the countries that an account is billed in come before its own
payers as (
    select distinct instance, customer_id, billing_country from orders
),

attributes as (
    {{ named_values('order', 'orders', 'order_id', 'custom_attributes', 'key', 'value') }}
),

tags as (
    {{ listed_tags('order', 'orders', 'order_id') }}
    union all
    {{ listed_tags('account', 'customers', 'customer_id') }}
),

fields as (
    select 'order' as entity_type, instance, order_id as entity_id, 'order.email' as field_name,
        order_email as field_value, cast(null as string) as country_text
    from orders
    union all
    select entity_type, instance, entity_id, 'order.attribute.' || attribute_name, attribute_value,
        null
    from attributes
    union all
    select entity_type, instance, entity_id, entity_type || '.tag.' || split_part(tag, ':', 1),
        substr(tag, instr(tag, ':') + 1), null
    from tags
    where contains(tag, ':')
    union all
    select 'quote', instance, draft_order_id, 'quote.email', order_email, null from draft_orders
    union all
    select 'account', instance, customer_id, 'account.email', account_email, null from customers
    union all
    select 'account', instance, customer_id, 'account.email', account_email, null from orders
    where customer_id is not null
    union all
    select 'account', customers.instance, customers.customer_id, 'account.tax_id',
        customers.tax_id, coalesce(payers.billing_country, customers.country)
    from customers
    left join payers
        on customers.instance = payers.instance
        and customers.customer_id = payers.customer_id
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

{{ filled_fields('shopify') }}
