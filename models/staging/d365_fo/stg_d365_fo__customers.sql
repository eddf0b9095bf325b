-- Grain: one customer of one F&O company (dataAreaId).
{% set casts = [
    ('is_blocked', 'on_hold_status', 'hold or false'),
    ('is_one_time_customer', 'is_one_time_customer', 'boolean or false'),
] %}
with

customers as (
    select * from {{ source('raw_d365_fo', 'customers') }}
)

select
    instance,
    lower(trim(data_area_id)) as data_area_id,
    customer_account,
    {{ blank_to_null('party_number') }} as party_number,
    {{ blank_to_null('party_type') }} as party_type,
    coalesce(
        {{ blank_to_null('organization_name') }},
        {{ blank_to_null(
            "coalesce(person_first_name, '') || ' ' || coalesce(person_last_name, '')"
        ) }},
        {{ blank_to_null('name_alias') }}
    ) as customer_name,
    {{ blank_to_null('customer_group_id') }} as customer_group_id,
    {{ blank_to_null('sales_currency_code') }} as currency_code,
    {{ blank_to_null('primary_contact_email') }} as primary_contact_email,
    {{ blank_to_null('primary_contact_phone') }} as primary_contact_phone,
    {{ blank_to_null('tax_exempt_number') }} as tax_exempt_number,
    {{ blank_to_null('tax_registration_id') }} as tax_registration_id,
    {{ blank_to_null('organization_number') }} as organization_number,
    {{ blank_to_null('fiscal_code') }} as fiscal_code,
    {{ typed(casts) }},
    coalesce(
        {{ blank_to_null('address_country_region_iso_code') }},
        {{ blank_to_null('address_country_region_id') }}
    ) as country,
    {{ blank_to_null('address_zip_code') }} as postal_code,
    {{ blank_to_null('address_city') }} as city,
    {{ blank_to_null('address_street') }} as street,
    record,
    _source_file,
    {{ rejected('d365_fo', 'customers', "lower(data_area_id) || ' ' || customer_account", casts) }}
from customers
