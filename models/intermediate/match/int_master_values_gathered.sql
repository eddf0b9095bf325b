-- Grain: one distinct text that may be a name, e-mail, tax id or phone number of a D365 customer,
-- as written. Also of fields whose key row is switched off: that is what a near match shows.
with

d365_customers as (
    select * from {{ ref('int_d365_customers_unioned') }}
),

electronic_addresses as (
    select * from {{ ref('stg_d365_fo__customer_electronic_addresses') }}
),

gathered as (
    {% for value_type, column in [
        ('name', 'customer_name'),
        ('email', 'email'),
        ('phone', 'phone'),
        ('tax_id', 'tax_exempt_number'),
        ('tax_id', 'tax_registration_id'),
        ('tax_id', 'organization_number'),
        ('tax_id', 'fiscal_code'),
    ] %}
    select
        'd365' as side,
        d365_customer_key as holder_key,
        '{{ value_type }}' as value_type,
        {{ column }} as value_text
    from d365_customers
    where {{ column }} is not null
    union all
    {% endfor %}
    select
        'd365',
        'fo:' || instance || ':' || data_area_id || ':' || customer_account,
        case when address_type = 'phone' then 'phone' else 'email' end,
        locator
    from electronic_addresses
)

select distinct
    side,
    holder_key,
    value_type,
    value_text
from gathered
where {{ blank_to_null('value_text') }} is not null
