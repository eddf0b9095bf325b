-- Grain: one ship-to country and postal code of one BigCommerce order of the look-back.
with

orders as (
    select * from {{ ref('stg_bigcommerce__orders') }}
    where shipping_consignments is not null
),

exploded as (
    select
        instance,
        order_id,
        {{ json_elements('shipping_consignments') }} as consignment
    from orders
)

select distinct
    instance,
    order_id,
    {{ blank_to_null(json_text('consignment', 'country_iso2')) }} as shipping_country,
    {{ blank_to_null(json_text('consignment', 'zip')) }} as shipping_postal_code
from exploded
