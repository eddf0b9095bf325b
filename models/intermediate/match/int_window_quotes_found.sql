-- Grain: one quote, draft or order in the state quote, of the headline's window, with the commerce
-- customer that it is for (by account or company, else by e-mail; NULL when that never ordered).
with

cards as (
    select * from {{ ref('stg_cards__windows') }}
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
    quote_key,
    window_days,
    subject_key,
    external_id,
    email,
    customer_id,
    created_at
from located
