-- Grain: one destination of the mapped orders and one legal entity that counts for it: the expected
-- one, every candidate of an ambiguous destination, every entity of the field map for an unmapped
-- one; with the entity whose customer master it shares.
with

orders as (
    select * from {{ ref('int_orders_mapped') }}
),

candidates as (
    select * from {{ ref('int_entity_candidates_found') }}
),

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
),

listed as (
    select
        orders.destination_key,
        candidates.legal_entity_id
    from orders
    inner join candidates
        on orders.order_key = candidates.order_key
        and orders.mapped_by = candidates.mapped_by
    union
    select
        orders.destination_key,
        legal_entities.legal_entity_id
    from orders
    cross join legal_entities
    where orders.mapping_status = 'unmapped'
)

select
    listed.destination_key,
    listed.legal_entity_id,
    coalesce(legal_entities.customer_master_legal_entity_id, listed.legal_entity_id)
        as master_legal_entity_id
from listed
left join legal_entities
    on listed.legal_entity_id = legal_entities.legal_entity_id
