-- Grain: one party that has a quote in the headline's window, no active order in it, and no
-- customer in D365: a count that takes quotes for orders has it, the headline does not.
with

cards as (
    select * from {{ ref('int_card_windows_dated') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
),

quotes as (
    select quote_key, subject_key, external_id, email, created_at
    from {{ ref('int_quotes_unioned') }}
    union all
    select order_key, subject_key, null, {{ canonical_email('order_email') }}, ordered_at
    from {{ ref('int_orders_mapped') }}
    where order_state = 'quote'
),

customers as (
    select * from {{ ref('int_customers_identified') }}
),

email_customers as (
    select
        subject_keys.key_value as email,
        min(customers.customer_id) as customer_id
    from {{ ref('int_subject_keys_normalised') }} as subject_keys
    inner join customers
        on subject_keys.subject_key = customers.subject_key
    where subject_keys.key_type = 'email'
    group by subject_keys.key_value
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
),

located as (
    select
        quotes.*,
        cards.window_days,
        coalesce(customers.customer_id, email_customers.customer_id) as customer_id
    from quotes
    inner join cards
        on quotes.created_at >= cards.window_start_at
        and quotes.created_at < cards.window_end_at
    left join customers
        on quotes.subject_key = customers.subject_key
    left join email_customers
        on quotes.email = email_customers.email
    where quotes.subject_key is not null
)

select
    located.subject_key,
    max(located.customer_id) as customer_id,
    max(located.email) as email,
    count(*) as quote_count,
    max(located.created_at) as last_quote_at
from located
left join orders
    on located.window_days = orders.window_days
    and located.customer_id = orders.customer_id
left join known_customers
    on located.customer_id = known_customers.customer_id
left join known_keys as known_emails
    on known_emails.key_type = 'email'
    and located.email = known_emails.key_value
left join known_keys as known_ids
    on known_ids.key_type = 'external_id'
    and lower(located.external_id) = known_ids.key_value
where orders.customer_id is null
    and known_customers.customer_id is null
    and known_emails.key_value is null
    and known_ids.key_value is null
group by located.subject_key
