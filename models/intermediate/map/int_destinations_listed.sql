-- Grain: one destination of the mapped orders and one legal entity that counts for it: the expected
-- one, every candidate of an ambiguous destination, every entity of the field map for an unmapped
-- one.
with

orders as (
    select * from {{ ref('int_orders_mapped') }}
),

candidates as (
    select * from {{ ref('int_entity_candidates_found') }}
),

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
)

select distinct
    orders.destination_key,
    candidates.legal_entity_id
from orders
inner join candidates
    on orders.order_key = candidates.order_key
    and orders.mapped_by = candidates.mapped_by
union
select distinct
    orders.destination_key,
    legal_entities.legal_entity_id
from orders
cross join legal_entities
where orders.mapping_status = 'unmapped'
