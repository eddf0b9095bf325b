-- Grain: one label of one Shopify order of the look-back that can decide its legal entity or name
-- its document: tag, business entity, ship-to, the number that the Business Central connector
-- wrote.
with

orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

customers as (
    select * from {{ ref('stg_shopify__customers') }}
),

order_tags as (
    {{ listed_tags('order', 'orders', 'order_id') }}
),

customer_tags as (
    {{ listed_tags('account', 'customers', 'customer_id') }}
),

attributes as (
    {{ named_values('order', 'orders', 'order_id', 'custom_attributes', 'key', 'value') }}
)

select instance, entity_id as order_id, 'order_tag' as facet_type, tag as facet_value
from order_tags
union all
select orders.instance, orders.order_id, 'customer_tag', customer_tags.tag
from orders
inner join customer_tags
    on orders.instance = customer_tags.instance
    and orders.customer_id = customer_tags.entity_id
union all
select instance, order_id, 'merchant_business_entity', merchant_business_entity_id from orders
where merchant_business_entity_id is not null
union all
select instance, order_id, 'merchant_business_entity', merchant_business_entity_name from orders
where merchant_business_entity_name is not null
union all
select instance, order_id, 'ship_to', coalesce(shipping_country, 'no country') from orders
where has_shipping_address
union all
select instance, entity_id, 'bc_document_number', attribute_value
from attributes
where attribute_name = 'BC Doc. No.'
