-- Grain: one label of one order of the made-up storefront that can decide its legal entity.
select instance, order_id, 'ship_to' as facet_type, country as facet_value
from {{ ref('stg_kiosk__orders') }}
