-- Grain: one D365 customer that one key of one commerce customer resolves to, per key scope
-- (headline, twin).
with

subject_keys as (
    select * from {{ ref('int_subject_keys_normalised') }}
),

customers as (
    select * from {{ ref('int_customers_identified') }}
),

d365_keys as (
    select * from {{ ref('int_d365_keys_normalised') }}
    where d365_system in ('fo', 'bc')
),

match_keys as (
    select * from {{ ref('int_match_keys_active') }}
),

d365_customers as (
    select * from {{ ref('int_d365_customers_unioned') }}
)

select distinct
    subject_keys.key_scope,
    customers.customer_id,
    d365_customers.d365_customer_key,
    d365_customers.legal_entity_id,
    d365_customers.erp_code,
    d365_customers.d365_customer_id,
    d365_customers.is_blocked,
    subject_keys.key_type,
    subject_keys.key_value,
    subject_keys.match_key_id,
    match_keys.precedence
from subject_keys
inner join customers
    on subject_keys.subject_key = customers.subject_key
inner join d365_keys
    on subject_keys.match_key_id = d365_keys.match_key_id
    and subject_keys.key_value = d365_keys.key_value
inner join match_keys
    on d365_keys.match_key_id = match_keys.match_key_id
    and d365_keys.d365_system = match_keys.d365_system
inner join d365_customers
    on d365_keys.holder_key = d365_customers.d365_customer_key
