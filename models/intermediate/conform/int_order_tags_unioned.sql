-- Grain: one tag of one order that can decide its legal entity: order, customer and company tags,
-- channel, Shopify merchantBusinessEntity.
with

orders as (
    select * from {{ ref('int_orders_classified') }}
),

shopify_orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

shopify_order_tags as (
    select * from {{ ref('stg_shopify__order_tags') }}
),

shopify_customer_tags as (
    select * from {{ ref('stg_shopify__customer_tags') }}
),

bigcommerce_orders as (
    select * from {{ ref('stg_bigcommerce__orders') }}
),

bigcommerce_companies as (
    select * from {{ ref('stg_bigcommerce__companies') }}
),

tagged as (
    select order_key, 'channel' as tag_type, sales_channel as tag_value from orders
    union all
    select 'bigcommerce:' || instance || ':' || order_id as order_key, 'channel' as tag_type,
        order_source as tag_value
    from bigcommerce_orders
    union all
    select 'shopify:' || instance || ':' || order_id as order_key, 'order_tag' as tag_type,
        tag as tag_value
    from shopify_order_tags
    union all
    select
        'shopify:' || shopify_orders.instance || ':' || shopify_orders.order_id as order_key,
        'customer_tag' as tag_type,
        shopify_customer_tags.tag as tag_value
    from shopify_orders
    inner join shopify_customer_tags
        on shopify_orders.instance = shopify_customer_tags.instance
        and shopify_orders.customer_id = shopify_customer_tags.customer_id
    union all
    select
        'shopify:' || instance || ':' || order_id as order_key,
        'merchant_business_entity' as tag_type,
        merchant_business_entity_id as tag_value
    from shopify_orders
    union all
    select
        'shopify:' || instance || ':' || order_id as order_key,
        'merchant_business_entity' as tag_type,
        merchant_business_entity_name as tag_value
    from shopify_orders
    union all
    select
        orders.order_key,
        'company_tag' as tag_type,
        bigcommerce_companies.customer_group_name as tag_value
    from orders
    inner join bigcommerce_companies
        on orders.company_key
        = 'bigcommerce:' || bigcommerce_companies.instance || ':company:'
            || bigcommerce_companies.company_id
)

select distinct
    order_key,
    tag_type,
    lower(trim(tag_value)) as tag_value
from tagged
where {{ blank_to_null('tag_value') }} is not null
