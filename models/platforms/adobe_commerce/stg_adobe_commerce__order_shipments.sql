-- Grain: one ship-to country and postal code of one Adobe Commerce order of the look-back (virtual
-- orders have none).
with

orders as (
    select * from {{ ref('stg_adobe_commerce__orders') }}
    where shipping_assignments is not null
),

exploded as (
    select
        instance,
        order_id,
        {{ json_elements('shipping_assignments') }} as assignment
    from orders
)

select
    instance,
    order_id,
    {{ blank_to_null(json_text('assignment', 'shipping.address.country_id')) }} as shipping_country,
    {{ blank_to_null(json_text('assignment', 'shipping.address.postcode')) }}
        as shipping_postal_code,
    min({{ blank_to_null(json_text('assignment', 'shipping.address.city')) }}) as shipping_city,
    min({{ street_text(json_text('assignment', 'shipping.address.street[0]'),
        json_text('assignment', 'shipping.address.street[1]')) }})
        as shipping_street,
    count(*) over (partition by instance, order_id) = 1 as is_only_ship_to
from exploded
group by instance, order_id, shipping_country, shipping_postal_code
