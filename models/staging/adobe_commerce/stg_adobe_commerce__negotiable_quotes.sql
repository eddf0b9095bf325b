-- Grain: one Adobe Commerce negotiable quote (a cart, never an order until it is ordered).
with

negotiable_quotes as (
    select * from {{ source('raw_adobe_commerce', 'negotiable_quotes') }}
)

select
    instance,
    id as quote_id,
    {{ utc_timestamp('created_at') }} as created_at,
    {{ json_text('customer', 'id') }} as customer_id,
    {{ blank_to_null(json_text('customer', 'email')) }} as order_email,
    {{ json_text('extension_attributes', 'negotiable_quote.status') }} as quote_status,
    {{ to_amount('grand_total') }} as total_amount
from negotiable_quotes
