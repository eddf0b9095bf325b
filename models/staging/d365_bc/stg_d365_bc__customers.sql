-- Grain: one customer of one Business Central company (instance).
{% set casts = [
    ('is_sales_blocked', 'blocked', 'block or false'),
    ('is_privacy_blocked', 'privacy_blocked', 'boolean or false'),
] %}
with

customers as (
    -- no field of API v2.0: a custom page or an exporter adds it, in any letters
    select *, {{ own_field('record', "'privacyBlocked'") }} as privacy_blocked
    from {{ source('raw_d365_bc', 'customers') }}
)

select
    instance,
    {{ guid('id') }} as customer_system_id,
    {{ blank_to_null('number') }} as customer_number,
    {{ blank_to_null('display_name') }} as customer_name,
    {{ blank_to_null('email') }} as email,
    {{ blank_to_null('phone_number') }} as phone_number,
    {{ blank_to_null('tax_registration_number') }} as tax_registration_number,
    {{ blank_to_null('currency_code') }} as currency_code,
    {{ typed(casts) }},
    {{ typed_value(casts, 'is_sales_blocked') }} or {{ typed_value(casts, 'is_privacy_blocked') }}
        as is_blocked,
    {{ blank_to_null('country') }} as country,
    {{ blank_to_null('postal_code') }} as postal_code,
    {{ blank_to_null('city') }} as city,
    {{ street_text('address_line1', 'address_line2') }} as street,
    record,
    _source_file,
    {{ rejected('d365_bc', 'customers', 'coalesce(number, id)', casts) }}
from customers
