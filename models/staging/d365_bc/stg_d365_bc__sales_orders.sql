-- Grain: one open sales order of one Business Central company (the row vanishes when it is fully
-- invoiced).
with

sales_orders as (
    select * from {{ source('raw_d365_bc', 'sales_orders') }}
)

select
    instance,
    {{ guid('id') }} as sales_order_id,
    {{ blank_to_null('number') }} as document_number,
    {{ blank_to_null('external_document_number') }} as external_document_number,
    {{ blank_to_null('customer_number') }} as customer_number,
    {{ blank_to_null('currency_code') }} as currency_code
from sales_orders
