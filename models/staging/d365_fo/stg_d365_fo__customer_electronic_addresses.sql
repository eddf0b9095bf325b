-- Grain: one electronic address of one F&O customer.
with

addresses as (
    select * from {{ source('raw_d365_fo', 'customer_electronic_addresses') }}
)

select
    instance,
    lower(trim(data_area_id)) as data_area_id,
    customer_account,
    electronic_address_id,
    lower({{ odata_enum('type') }}) as address_type,
    {{ blank_to_null('locator') }} as locator
from addresses
