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

-- one address may come without its list, or in the place of the consignment; a consignment that
-- ships nothing says what it does instead
addressed as (
    select
        instance,
        order_id,
        case
            when left({{ json_text('consignment', 'shipping') }}, 1) = '['
                then {{ json_text('consignment', 'shipping') }}
            when left({{ json_text('consignment', 'shipping') }}, 1) = '{'
                then '[' || {{ json_text('consignment', 'shipping') }} || ']'
            when consignment != '{}' and (
                {{ address_country('consignment', ['country_iso2', 'country']) }} is not null
                or coalesce(
                    {{ json_text('consignment', 'pickups') }},
                    {{ json_text('consignment', 'downloads') }},
                    {{ json_text('consignment', 'email') }}
                ) is null
            ) then '[' || consignment || ']'
        end as addresses
    from consignments
),

exploded as (
    select instance, order_id, {{ json_elements('addresses') }} as address
    from addressed
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
