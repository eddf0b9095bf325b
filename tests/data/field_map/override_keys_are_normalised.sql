-- What: the key of an override is normalised: one e-mail in lower case, a tax id with ISO prefix
-- and without separators, a trimmed external id, or a subject key of a known platform.
-- When it matters: other keys silently match no customer.
-- How to fix: copy the value from emails, tax_ids, external_ids or platform_customers of
-- dim_commerce_customers.
{{ config(group='data_platform') }}
with

overrides as (
    select
        key_type,
        key_value,
        {{ canonical_email('key_value') }} as email_value,
        {{ replace_pattern('upper(key_value)', '[^A-Z0-9]') }} as tax_id_value
    from {{ ref('field_map_customer_overrides') }}
),

countries as (
    select * from {{ ref('iso_countries') }}
)

select
    overrides.key_type,
    overrides.key_value
from overrides
left join countries
    on left(overrides.tax_id_value, 2) = countries.country_code
where {{ blank_to_null('overrides.key_value') }} is null
    or trim(overrides.key_value) != overrides.key_value
    or (overrides.key_type = 'email' and overrides.key_value != overrides.email_value)
    or (overrides.key_type = 'email' and not ({{ is_valid_email('overrides.email_value') }}))
    or (overrides.key_type = 'tax_id' and upper(overrides.key_value) != overrides.tax_id_value)
    or (
        overrides.key_type = 'tax_id'
        and countries.country_code is null
        and left(overrides.tax_id_value, 2) != 'XI'
    )
    or (
        overrides.key_type = 'subject'
        and split_part(overrides.key_value, ':', 1) not in (
            {% for platform in var('platforms') %}
            '{{ platform }}'{{ ',' if not loop.last }}
            {% endfor %}
        )
    )
