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

select
    instance,
    order_id,
    {{ blank_to_null(json_text('consignment', 'country_iso2')) }} as shipping_country,
    {{ blank_to_null(json_text('consignment', 'zip')) }} as shipping_postal_code,
    min({{ blank_to_null(json_text('consignment', 'city')) }}) as shipping_city,
    min({{ street_text(json_text('consignment', 'street_1'),
        json_text('consignment', 'street_2')) }})
        as shipping_street,
    count(*) over (partition by instance, order_id) = 1 as is_only_ship_to
from exploded
group by instance, order_id, shipping_country, shipping_postal_code
