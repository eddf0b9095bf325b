-- What: every country and currency of the field map is an upper-case ISO code.
-- When it matters: a row with another code is never used: orders lose their entity, amounts their
-- rate.
-- How to fix: use the ISO-2 country or ISO-4217 currency code.
{{ config(group='data_platform') }}
with

countries as (
    select * from {{ ref('iso_countries') }}
),

currencies as (
    select * from {{ ref('iso_currencies') }}
),

written as (
    select 'field_map_legal_entities' as seed_name, 'country' as kind, country_code as code
    from {{ ref('field_map_legal_entities') }}
    union
    select 'field_map_legal_entities', 'currency', functional_currency_code
    from {{ ref('field_map_legal_entities') }}
    union
    select 'field_map_ship_to_countries', 'country', country_code
    from {{ ref('field_map_ship_to_countries') }}
    union
    select 'field_map_default_customers', 'country', covers_value
    from {{ ref('field_map_default_customers') }}
    where covers = 'country'
    union
    select 'var reporting_currency', 'currency', '{{ var("reporting_currency") }}'
)

select
    written.seed_name,
    written.kind,
    written.code
from written
left join countries
    on written.kind = 'country'
    and written.code = countries.country_code
left join currencies
    on written.kind = 'currency'
    and written.code = currencies.currency_code
where countries.country_code is null and currencies.currency_code is null
