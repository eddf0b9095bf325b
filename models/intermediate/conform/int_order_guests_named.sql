-- Grain: one order without account and company that has a usable e-mail, and the normalised address
-- that names its guest: of several the first in the alphabet (all of them are keys).
with

orders as (
    select * from {{ ref('int_orders_unioned') }}
    where company_key is null and account_key is null
),

fields as (
    select * from {{ ref('int_key_fields') }}
    where key_type = 'email' and field_name = 'order.email' and mapped_field = '*.email'
),

keys as (
    select * from {{ ref('int_keys') }}
    where key_type = 'email' and key_value is not null
)

select
    orders.order_key,
    min(keys.key_value) as guest_email
from orders
inner join fields
    on orders.order_key = fields.holder_key
inner join keys
    on fields.canonical_text = keys.canonical_text
group by orders.order_key
