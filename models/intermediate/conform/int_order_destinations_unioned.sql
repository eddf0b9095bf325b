-- Grain: one ship-to country of one order. An order that ships nothing (digital, pickup, virtual)
-- has no row.
with

shopify_orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

bigcommerce_consignments as (
    select * from {{ ref('stg_bigcommerce__order_consignments') }}
),

adobe_commerce_shipments as (
    select * from {{ ref('stg_adobe_commerce__order_shipments') }}
),

countries as (
    select * from {{ ref('int_country_codes_listed') }}
),

shipped as (
    select 'shopify:' || instance || ':' || order_id as order_key, shipping_country
    from shopify_orders
    union all
    select 'bigcommerce:' || instance || ':' || order_id as order_key, shipping_country
    from bigcommerce_consignments
    union all
    select 'adobe_commerce:' || instance || ':' || order_id as order_key, shipping_country
    from adobe_commerce_shipments
)

select distinct
    shipped.order_key,
    upper(trim(shipped.shipping_country)) as country_text,
    countries.country_code as ship_to_country_code
from shipped
left join countries
    on upper(trim(shipped.shipping_country)) = countries.country_text
where {{ blank_to_null('shipped.shipping_country') }} is not null
