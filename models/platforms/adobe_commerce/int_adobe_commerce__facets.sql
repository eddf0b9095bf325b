-- Grain: one ship-to of one Adobe Commerce order of the look-back, as the label that can decide its
-- legal entity.
with

shipments as (
    select * from {{ ref('stg_adobe_commerce__order_shipments') }}
)

select distinct
    instance,
    order_id,
    'ship_to' as facet_type,
    coalesce(shipping_country, 'no country') as facet_value
from shipments
