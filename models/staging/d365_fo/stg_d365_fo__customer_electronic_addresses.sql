-- Grain: one electronic address of one F&O customer.
{% set casts = [
    ('address_type', 'type', 'address type'),
] %}
with

addresses as (
    select * from {{ source('raw_d365_fo', 'customer_electronic_addresses') }}
)

select
    instance,
    lower(trim(data_area_id)) as data_area_id,
    customer_account,
    electronic_address_id,
    {{ typed(casts) }},
    {{ blank_to_null('locator') }} as locator,
    {{ rejected(
        'd365_fo',
        'customer_electronic_addresses',
        "lower(data_area_id) || ' ' || customer_account || ' ' || electronic_address_id",
        casts
    ) }}
from addresses
