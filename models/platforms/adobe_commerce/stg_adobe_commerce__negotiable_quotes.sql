-- Grain: one Adobe Commerce negotiable quote (a cart, never an order until it is ordered).
{% set casts = [
    ('created_at', 'created_at', 'time'),
] %}
with

negotiable_quotes as (
    select * from {{ source('raw_adobe_commerce', 'negotiable_quotes') }}
)

select
    instance,
    id as quote_id,
    {{ typed(casts) }},
    {{ nested_id(json_text('customer', 'id')) }} as customer_id,
    {{ blank_to_null(json_text('customer', 'email')) }} as order_email,
    {{ json_text('extension_attributes', 'negotiable_quote.status') }} as quote_status,
    {{ rejected('adobe_commerce', 'negotiable_quotes', 'id', casts) }}
from negotiable_quotes
