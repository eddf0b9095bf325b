-- Grain: one distinct text that may be a name, e-mail or tax id of a D365 customer, as written.
-- Also of fields whose key row is switched off: that is what a near match shows.
with

d365_customers as (
    select * from {{ ref('int_d365_customers_unioned') }}
),

electronic_addresses as (
    select * from {{ ref('stg_d365_fo__customer_electronic_addresses') }}
),

gathered as (
    select
        'd365' as side,
        d365_customer_key as holder_key,
        'name' as value_type,
        customer_name as value_text
    from d365_customers
    {% for field_name in ['PrimaryContactEmail', 'email'] %}
    union all
    select 'd365', d365_customer_key, 'email', {{ json_text('record', field_name) }}
    from d365_customers
    {% endfor %}
    union all
    select
        'd365',
        'fo:' || instance || ':' || data_area_id || ':' || customer_account,
        'email',
        locator
    from electronic_addresses
    {% for field_name in [
        'TaxExemptNumber', 'TaxRegistrationId', 'OrganizationNumber', 'FiscalCode',
        'taxRegistrationNumber'
    ] %}
    union all
    select 'd365', d365_customer_key, 'tax_id', {{ json_text('record', field_name) }}
    from d365_customers
    {% endfor %}
)

select distinct
    side,
    holder_key,
    value_type,
    value_text
from gathered
where {{ blank_to_null('value_text') }} is not null
