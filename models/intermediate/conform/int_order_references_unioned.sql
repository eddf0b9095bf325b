-- Grain: one number by which D365 may know an order: its order number, platform id (plain and with
-- the store's prefix), PO number, or the document number that the Business Central connector wrote
-- back.
with

orders as (
    select * from {{ ref('int_orders_classified') }}
),

stores as (
    select * from {{ ref('field_map_stores') }}
),

order_attributes as (
    select * from {{ ref('stg_shopify__order_attributes') }}
    where attribute_name = 'BC Doc. No.'
),

numbered as (
    select order_key, 'order_number' as reference_type, order_number as reference_value from orders
    union all
    select order_key, 'order_number' as reference_type, platform_order_id as reference_value
    from orders
    union all
    select
        orders.order_key,
        'order_number' as reference_type,
        stores.order_reference_prefix || {{ canonical_reference('orders.order_number') }}
            as reference_value
    from orders
    inner join stores
        on orders.platform = stores.platform
        and lower(orders.instance) = lower(stores.instance)
    where stores.order_reference_prefix is not null
    union all
    select
        orders.order_key,
        'order_number' as reference_type,
        stores.order_reference_prefix || orders.platform_order_id as reference_value
    from orders
    inner join stores
        on orders.platform = stores.platform
        and lower(orders.instance) = lower(stores.instance)
    where stores.order_reference_prefix is not null
    union all
    select order_key, 'po_number' as reference_type, po_number as reference_value from orders
    union all
    select
        'shopify:' || instance || ':' || order_id as order_key,
        'bc_document_number' as reference_type,
        attribute_value as reference_value
    from order_attributes
)

select distinct
    order_key,
    reference_type,
    {{ canonical_reference('reference_value') }} as reference_value
from numbered
where {{ canonical_reference('reference_value') }} is not null
