-- Grain: one F&O sales order header.
with

sales_orders as (
    select * from {{ source('raw_d365_fo', 'sales_orders') }}
)

select
    instance,
    lower(trim(data_area_id)) as data_area_id,
    sales_order_number,
    lower({{ odata_enum('sales_order_status') }}) as sales_order_status,
    {{ blank_to_null('ordering_customer_account_number') }} as customer_account,
    {{ blank_to_null('currency_code') }} as currency_code,
    {{ blank_to_null('customers_order_reference') }} as customer_reference,
    {{ blank_to_null('customer_requisition_number') }} as requisition
from sales_orders
