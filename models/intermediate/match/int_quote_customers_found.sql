-- Grain: one party that has a quote in the headline's window, no active order in it, and no
-- customer in D365: a count that takes quotes for orders has it, the headline does not.
with

quotes as (
    select * from {{ ref('int_window_quotes_found') }}
),

orders as (
    select distinct window_days, customer_id from {{ ref('int_window_orders_listed') }}
),

known_customers as (
    select distinct customer_id from {{ ref('int_customer_d365_matches_found') }}
    where key_scope = 'headline'
),

known_keys as (
    select distinct key_type, key_value from {{ ref('int_d365_keys_normalised') }}
    where d365_system in ('fo', 'bc')
)

select
    quotes.subject_key,
    max(quotes.customer_id) as customer_id,
    max(quotes.email) as email,
    count(*) as quote_count,
    max(quotes.created_at) as last_quote_at
from quotes
left join orders
    on quotes.window_days = orders.window_days
    and quotes.customer_id = orders.customer_id
left join known_customers
    on quotes.customer_id = known_customers.customer_id
left join known_keys as known_emails
    on known_emails.key_type = 'email'
    and quotes.email = known_emails.key_value
left join known_keys as known_ids
    on known_ids.key_type = 'external_id'
    and lower(quotes.external_id) = known_ids.key_value
where orders.customer_id is null
    and known_customers.customer_id is null
    and known_emails.key_value is null
    and known_ids.key_value is null
group by quotes.subject_key
