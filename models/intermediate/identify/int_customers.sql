-- Grain: one subject (company, account or guest) of an order of the look-back, named by its newest
-- order, with the commerce customer it is part of. The id is stable from run to run: it comes from
-- the smallest subject key of the customer and a secret of this warehouse (docs/decisions/0032).
with

orders as (
    select * from {{ ref('int_orders') }}
    where is_store_in_scope and subject_key is not null
),

identities as (
    select * from {{ ref('int_customer_identities') }}
),

salts as (
    select salt from {{ source('memory', 'origin') }}
),

ranked as (
    select
        *,
        row_number() over (partition by subject_key order by ordered_at desc, order_key desc)
            as order_rank
    from orders
)

select
    ranked.subject_key,
    md5(salts.salt || coalesce(identities.customer_root, ranked.subject_key)) as customer_id,
    ranked.platform,
    ranked.instance,
    ranked.subject_type,
    ranked.subject_name,
    ranked.company_name,
    ranked.person_name,
    ranked.country_code,
    ranked.postal_code,
    ranked.city,
    ranked.street,
    ranked.phone
from ranked
cross join salts
left join identities
    on ranked.subject_key = identities.subject_key
where ranked.order_rank = 1
