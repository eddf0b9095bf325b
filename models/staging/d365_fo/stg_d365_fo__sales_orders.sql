-- Grain: one F&O sales order header.
{% set casts = [
    ('sales_order_status', 'sales_order_status', 'sales order status'),
] %}
with

sales_orders as (
    select * from {{ source('raw_d365_fo', 'sales_orders') }}
)

select
    instance,
    lower(trim(data_area_id)) as data_area_id,
    sales_order_number,
    {{ typed(casts) }},
    {{ blank_to_null('ordering_customer_account_number') }} as customer_account,
    {{ blank_to_null('currency_code') }} as currency_code,
    {{ blank_to_null('customers_order_reference') }} as customer_reference,
    {{ blank_to_null('customer_requisition_number') }} as requisition,
    {{ rejected(
        'd365_fo', 'sales_orders', "lower(data_area_id) || ' ' || sales_order_number", casts
    ) }}
from sales_orders
