-- Grain: one D365 customer that one key of one commerce customer resolves to, in an entity of one
-- of its destinations.
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

select
    matches.key_scope,
    customer_destinations.customer_id,
    customer_destinations.destination_key,
    matches.legal_entity_id,
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
    and destinations.legal_entity_id = matches.legal_entity_id
