-- Grain: one party with a quote but no active order in the headline's window, and no D365 customer.
with

quote_customers as (
    select * from {{ ref('int_quote_customers_found') }}
)

select
    cast(subject_key as string) as subject_key,
    cast(customer_id as string) as customer_id,
    cast(email as string) as email,
    cast(quote_count as bigint) as quote_count,
    cast(last_quote_at as timestamp) as last_quote_at
from quote_customers
