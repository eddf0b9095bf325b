-- Grain: one distinct e-mail domain with a character outside ASCII, of either side.
with

commerce_fields as (
    select * from {{ ref('int_fields_unioned') }}
),

d365_fields as (
    select * from {{ ref('int_d365_fields_gathered') }}
),

texts as (
    select field_value from commerce_fields where contains(field_value, '@')
    union
    select field_value from d365_fields where contains(field_value, '@')
),

addresses as (
    select {{ split_rows('field_value', ';') }} as address
    from texts
),

domains as (
    select {{ email_domain(canonical_email('address')) }} as email_domain
    from addresses
)

select distinct email_domain
from domains
where {{ matches_pattern('email_domain', '[^ -~]') }}
