-- Grain: one order without account and company that has a usable e-mail, and the normalised address
-- that names its guest: of several the first in the alphabet (all of them are keys).
with

orders as (
    select * from {{ ref('int_orders_unioned') }}
    where company_key is null and account_key is null and order_email is not null
),

encoded_domains as (
    select * from {{ ref('int_email_domains_encoded') }}
),

addresses as (
    select
        order_key,
        {{ split_rows('order_email', ';') }} as address
    from orders
),

canonical_addresses as (
    select
        order_key,
        {{ canonical_email('address') }} as address
    from addresses
),

keys as (
    select
        canonical_addresses.order_key,
        {{ email_key('canonical_addresses.address', 'encoded_domains') }} as guest_email
    from canonical_addresses
    left join encoded_domains
        on {{ email_domain('canonical_addresses.address') }} = encoded_domains.email_domain
)

select
    order_key,
    min(guest_email) as guest_email
from keys
where {{ is_valid_email('guest_email') }}
    and not {{ is_ignored_key("'email'", 'keys.guest_email') }}
group by order_key
