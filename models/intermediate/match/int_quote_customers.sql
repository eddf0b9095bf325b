-- Grain: one party with a quote, draft or order in the state quote in the headline's window, no
-- active order in it and no customer in D365: a count that takes quotes for orders has it, the
-- headline does not. A quote is for a customer by account or company, else by e-mail.
with

windows as (
    select * from {{ ref('stg_cards__windows') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
),

quotes as (
    select quote_key, subject_key, external_id, email, created_at
    from {{ ref('int_quotes_unioned') }}
    union all
    select order_key, subject_key, null, email_key, ordered_at
    from {{ ref('int_orders') }}
    where order_state = 'quote' and is_store_in_scope
),

window_quotes as (
    select quotes.*
    from quotes
    inner join windows
        on {{ in_window('quotes.created_at', 'windows') }}
    where quotes.subject_key is not null
),

customers as (
    select * from {{ ref('int_customers') }}
),

active_customers as (
    select distinct customers.customer_id
    from {{ ref('int_orders') }} as orders
    inner join windows
        on {{ in_window('orders.ordered_at', 'windows') }}
    inner join customers
        on orders.subject_key = customers.subject_key
    where orders.is_active
),

d365_keys as (
    select * from {{ ref('int_erp_keys') }}
    where d365_system in ('fo', 'bc')
),

email_customers as (
    select
        subject_keys.key_value as email,
        min(customers.customer_id) as customer_id
    from {{ ref('int_subject_keys') }} as subject_keys
    inner join window_quotes
        on subject_keys.key_value = window_quotes.email
    inner join customers
        on subject_keys.subject_key = customers.subject_key
    where subject_keys.key_type = 'email'
    group by subject_keys.key_value
),

located as (
    select
        window_quotes.*,
        coalesce(customers.customer_id, email_customers.customer_id) as customer_id
    from window_quotes
    left join customers
        on window_quotes.subject_key = customers.subject_key
    left join email_customers
        on window_quotes.email = email_customers.email
)

select
    located.subject_key,
    max(located.customer_id) as customer_id,
    max(located.email) as email,
    count(*) as quote_count,
    max(located.created_at) as last_quote_at
from located
where not exists (
    select 1 from active_customers
    where active_customers.customer_id = located.customer_id
)
and not exists (
    select 1 from {{ ref('int_party_matches') }} as known_customers
    where known_customers.customer_id = located.customer_id
        and known_customers.key_scope = 'headline'
        and known_customers.d365_customer_key is not null
)
and not exists (
    select 1 from d365_keys
    where d365_keys.key_type = 'email' and d365_keys.key_value = located.email
)
and not exists (
    select 1 from d365_keys
    where d365_keys.key_type = 'external_id'
        and d365_keys.key_value = lower(located.external_id)
)
group by located.subject_key
