-- Grain: one ship-to country of one order; the billing country when nothing is shipped.
with

orders as (
    select * from {{ ref('int_orders_classified') }}
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
    select
        'bigcommerce' || ':' || instance || ':' || order_id as order_key,
        shipping_country
    from bigcommerce_consignments
    where shipping_country is not null
    union all
    select
        'adobe_commerce' || ':' || instance || ':' || order_id as order_key,
        shipping_country
    from adobe_commerce_shipments
    where shipping_country is not null
),

spelled as (
    select
        orders.order_key,
        orders.platform,
        coalesce(shipped.shipping_country, orders.country_text) as country_text
    from orders
    left join shipped
        on orders.order_key = shipped.order_key
)

select distinct
    spelled.order_key,
    spelled.platform,
    upper(trim(spelled.country_text)) as country_text,
    countries.country_code as ship_to_country_code
from spelled
left join countries
    on upper(trim(spelled.country_text)) = countries.country_text
where spelled.country_text is not null
