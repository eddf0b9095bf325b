-- Grain: one BigCommerce order that a B2B Edition company placed: its company and PO number.
with

b2b_orders as (
    select * from {{ source('raw_bigcommerce', 'b2b_orders') }}
)

select
    instance,
    bc_order_id as order_id,
    nullif(trim(company_id), '0') as company_id,
    {{ blank_to_null('po_number') }} as po_number
from b2b_orders
