-- Grain: one sales invoice of one Business Central company, posted or not.
{% set casts = [
    ('document_status', 'status', 'invoice status'),
    ('invoice_date', 'invoice_date', 'date or none'),
] %}
with

sales_invoices as (
    select * from {{ source('raw_d365_bc', 'sales_invoices') }}
)

select
    instance,
    {{ guid('id') }} as sales_invoice_id,
    {{ blank_to_null('number') }} as document_number,
    {{ blank_to_null('external_document_number') }} as external_document_number,
    {{ blank_to_null('customer_purchase_order_reference') }} as your_reference,
    {{ blank_to_null('order_number') }} as order_document_number,
    {{ blank_to_null('customer_number') }} as customer_number,
    {{ blank_to_null('currency_code') }} as currency_code,
    {{ typed(casts) }},
    {{ rejected('d365_bc', 'sales_invoices', 'id', casts) }}
from sales_invoices
