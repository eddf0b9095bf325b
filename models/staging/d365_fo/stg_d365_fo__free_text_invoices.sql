-- Grain: one F&O free-text invoice header (posted or not, corrections too).
{% set casts = [
    ('is_posted', 'is_posted', 'boolean or false'),
    ('is_correction', 'is_correction', 'boolean or false'),
] %}
with

free_text_invoices as (
    select * from {{ source('raw_d365_fo', 'free_text_invoices') }}
)

select
    instance,
    lower(trim(data_area_id)) as data_area_id,
    invoice_identifier,
    {{ blank_to_null('free_text_number') }} as invoice_number,
    {{ blank_to_null('customer_account') }} as customer_account,
    {{ blank_to_null('currency_code') }} as currency_code,
    {{ blank_to_null('customer_reference') }} as customer_reference,
    {{ blank_to_null('customer_requisition') }} as requisition,
    {{ blank_to_null('external_invoice_id') }} as external_invoice_id,
    {{ blank_to_null('corrected_invoice_id') }} as corrected_invoice_number,
    {{ typed(casts) }},
    {{ rejected(
        'd365_fo', 'free_text_invoices', "lower(data_area_id) || ' ' || invoice_identifier", casts
    ) }}
from free_text_invoices
