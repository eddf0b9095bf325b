-- Grain: one label of one BigCommerce order of the look-back that can decide its legal entity:
-- source (beside the channel), group of the company, ship-to.
with

orders as (
    select * from {{ ref('stg_bigcommerce__orders') }}
),

b2b_orders as (
    select * from {{ ref('stg_bigcommerce__b2b_orders') }}
),

companies as (
    select * from {{ ref('stg_bigcommerce__companies') }}
),

consignments as (
    select * from {{ ref('stg_bigcommerce__order_consignments') }}
)

select instance, order_id, 'channel' as facet_type, order_source as facet_value from orders
union
select orders.instance, orders.order_id, 'company_tag', companies.customer_group_name
from orders
inner join b2b_orders
    on orders.instance = b2b_orders.instance
    and orders.order_id = b2b_orders.order_id
inner join companies
    on b2b_orders.instance = companies.instance
    and b2b_orders.company_id = companies.company_id
union
select instance, order_id, 'ship_to', coalesce(shipping_country, 'no country') from consignments
union
-- a link instead of the consignments: mapped by the billing country, and listed
select instance, order_id, 'ship_to', billing_country from orders where is_ship_to_linked
union
select instance, order_id, 'ship_to', 'destinations not loaded' from orders where is_ship_to_linked
