-- Grain: one commerce customer, destination, key scope and legal entity of the destination in which
-- some key resolves. Conflict: no single D365 customer holds all keys that resolve there.
-- Duplicate: one key resolves to several.
with

matches as (
    select * from {{ ref('int_destination_matches_found') }}
),

per_key as (
    select
        key_scope,
        customer_id,
        destination_key,
        legal_entity_id,
        key_label,
        count(distinct d365_customer_key) as holder_count
    from matches
    group by key_scope, customer_id, destination_key, legal_entity_id, key_label
),

per_entity as (
    select
        key_scope,
        customer_id,
        destination_key,
        legal_entity_id,
        count(*) as key_count,
        bool_or(holder_count > 1) as has_duplicates
    from per_key
    group by key_scope, customer_id, destination_key, legal_entity_id
),

per_holder as (
    select
        key_scope,
        customer_id,
        destination_key,
        legal_entity_id,
        d365_customer_key,
        count(distinct key_label) as key_count
    from matches
    group by key_scope, customer_id, destination_key, legal_entity_id, d365_customer_key
),

best_holder as (
    select
        key_scope,
        customer_id,
        destination_key,
        legal_entity_id,
        max(key_count) as key_count
    from per_holder
    group by key_scope, customer_id, destination_key, legal_entity_id
)

select
    per_entity.key_scope,
    per_entity.customer_id,
    per_entity.destination_key,
    per_entity.legal_entity_id,
    per_entity.has_duplicates,
    best_holder.key_count < per_entity.key_count as has_key_conflict
from per_entity
inner join best_holder
    on per_entity.key_scope = best_holder.key_scope
    and per_entity.customer_id = best_holder.customer_id
    and per_entity.destination_key = best_holder.destination_key
    and per_entity.legal_entity_id = best_holder.legal_entity_id
