-- Grain: one subject (company, account or guest) of an order of the look-back. Named by its newest
-- order.
with

orders as (
    select * from {{ ref('int_orders_valued') }}
    where is_store_in_scope and subject_key is not null
),

ranked as (
    select
        *,
        row_number() over (partition by subject_key order by ordered_at desc, order_key desc)
            as order_rank
    from orders
)

select
    subject_key,
    platform,
    instance,
    subject_type,
    subject_name,
    company_name,
    person_name,
    country_code,
    postal_code,
    city,
    street,
    phone
from ranked
where order_rank = 1
