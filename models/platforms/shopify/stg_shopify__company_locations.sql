-- Grain: one location of a Shopify B2B company.
{% set casts = [
    ('company_id', 'company.id', 'Company id'),
] %}
with

company_locations as (
    select * from {{ source('raw_shopify', 'company_locations') }}
)

select
    instance,
    {{ gid_number('id') }} as company_location_id,
    {{ typed(casts) }},
    {{ blank_to_null('name') }} as location_name,
    {{ json_text('company', 'name') }} as company_name,
    {{ blank_to_null('external_id') }} as location_external_id,
    {{ blank_to_null(json_text('company', 'externalId')) }} as company_external_id,
    coalesce({{ blank_to_null(json_text('tax_settings', 'taxRegistrationId')) }},
        {{ blank_to_null('tax_registration_id') }})
        as tax_id,
    coalesce({{ address_country('billing_address', ['countryCode', 'country']) }},
        {{ address_country('shipping_address', ['countryCode', 'country']) }})
        as country,
    coalesce({{ json_text('billing_address', 'zip') }}, {{ json_text('shipping_address', 'zip') }})
        as postal_code,
    {{ rejected('shopify', 'company_locations', gid_number('id'), casts) }}
from company_locations
