-- Grain: one D365 customer that one key of one commerce customer resolves to, in the customer
-- master of an entity of one of its destinations: the entity's own rows and those of the entity
-- whose master it shares. legal_entity_id is the entity of that master.
with

orders as (
    select * from {{ ref('int_orders_mapped') }}
    where is_active and customer_id is not null
),

destinations as (
    select * from {{ ref('int_destinations_listed') }}
),

matches as (
    select * from {{ ref('int_party_matches') }}
),

customer_destinations as (
    select distinct
        customer_id,
        destination_key
    from orders
)

select distinct
    matches.key_scope,
    customer_destinations.customer_id,
    customer_destinations.destination_key,
    destinations.master_legal_entity_id as legal_entity_id,
    matches.d365_customer_key,
    matches.d365_customer_id,
    matches.is_blocked,
    matches.key_type,
    matches.key_type || '|' || matches.key_value as key_label,
    matches.match_key_id,
    matches.precedence
from customer_destinations
inner join destinations
    on customer_destinations.destination_key = destinations.destination_key
inner join matches
    on customer_destinations.customer_id = matches.customer_id
    and matches.legal_entity_id in (
        destinations.legal_entity_id, destinations.master_legal_entity_id
    )
