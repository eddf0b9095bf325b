-- Grain: one ship-to country and postal code of one BigCommerce order of the look-back.
with

orders as (
    select * from {{ ref('stg_bigcommerce__orders') }}
    where consignments is not null
),

consignments as (
    select instance, order_id, {{ json_elements('consignments') }} as consignment
    from orders
),

exploded as (
    select
        instance,
        order_id,
        {{ json_elements(json_text('consignment', 'shipping')) }} as address
    from consignments
)

select
    instance,
    order_id,
    {{ address_country('address', ['country_iso2', 'country']) }} as shipping_country,
    {{ blank_to_null(json_text('address', 'zip')) }} as shipping_postal_code,
    min({{ blank_to_null(json_text('address', 'city')) }}) as shipping_city,
    min({{ street_text(json_text('address', 'street_1'),
        json_text('address', 'street_2')) }})
        as shipping_street,
    count(*) over (partition by instance, order_id) = 1 as is_only_ship_to
from exploded
group by instance, order_id, shipping_country, shipping_postal_code
