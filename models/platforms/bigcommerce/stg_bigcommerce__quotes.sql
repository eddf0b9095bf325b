-- Grain: one quote of BigCommerce B2B Edition (never an order until it is ordered).
{% set casts = [
    ('created_at', 'created_at', 'unix time'),
] %}
with

quotes as (
    select * from {{ source('raw_bigcommerce', 'quotes') }}
)

select
    instance,
    quote_id,
    {{ blank_to_null('quote_number') }} as quote_number,
    {{ blank_to_null('company_id') }} as company_id,
    {{ blank_to_null(json_text('contact_info', 'email')) }} as order_email,
    {{ blank_to_null('status') }} as quote_status,
    {{ typed(casts) }},
    {{ blank_to_null('bc_order_id') }} as order_id,
    {{ rejected('bigcommerce', 'quotes', 'quote_id', casts) }}
from quotes
