-- Grain: one legal entity that an override names for one order: a key of its customer is listed and
-- the order date lies in the validity of the row.
with

orders as (
    select * from {{ ref('int_orders') }}
    where is_store_in_scope
),

customers as (
    select * from {{ ref('int_customers') }}
),

subject_keys as (
    select * from {{ ref('int_subject_keys') }}
    where is_headline
),

overrides as (
    select
        lower(key_type) as key_type,
        lower(trim(key_value)) as key_value,
        legal_entity_id,
        coalesce(valid_from, cast('1900-01-01' as date)) as valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
    from {{ ref('field_map_customer_overrides') }}
),

overridden_customers as (
    select distinct
        customers.customer_id,
        overrides.legal_entity_id,
        overrides.valid_from,
        overrides.valid_to
    from overrides
    inner join subject_keys
        on overrides.key_type = subject_keys.key_type
        and overrides.key_value = lower(subject_keys.key_value)
    inner join customers
        on subject_keys.subject_key = customers.subject_key
    union
    select distinct
        customers.customer_id,
        overrides.legal_entity_id,
        overrides.valid_from,
        overrides.valid_to
    from overrides
    inner join customers
        on overrides.key_type = 'subject'
        and overrides.key_value = lower(customers.subject_key)
)

select distinct
    orders.order_key,
    overridden_customers.legal_entity_id
from orders
inner join customers
    on orders.subject_key = customers.subject_key
inner join overridden_customers
    on customers.customer_id = overridden_customers.customer_id
    and orders.order_date between overridden_customers.valid_from and overridden_customers.valid_to
