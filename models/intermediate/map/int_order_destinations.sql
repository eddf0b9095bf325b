-- Grain: one order of a store in scope, with its customer and its expected legal entity. Within the
-- winning level exactly one entity = resolved, several = ambiguous, none on any level = unmapped.
-- legal_entity_ids: the entities that count for it; for an unmapped order all of the field map.
with

orders as (
    select orders.order_key, orders.order_date, customers.customer_id
    from {{ ref('int_orders') }} as orders
    left join {{ ref('int_customers') }} as customers
        on orders.subject_key = customers.subject_key
    where orders.is_store_in_scope
),

held_keys as (
    select customers.customer_id, subject_keys.key_type, subject_keys.key_value
    from {{ ref('int_subject_keys') }} as subject_keys
    inner join {{ ref('int_customers') }} as customers
        on subject_keys.subject_key = customers.subject_key
    where subject_keys.is_headline
    union all
    select customer_id, 'subject', subject_key from {{ ref('int_customers') }}
),

{{ winning_candidates('customer_id') }}

every_entity as (
    select array_sort(array_agg(legal_entity_id)) as legal_entity_ids
    from {{ ref('field_map_legal_entities') }}
),

mapped as (
    select
        order_key,
        max(mapped_by) as mapped_by,
        count(*) as candidate_count,
        min(legal_entity_id) as first_legal_entity_id,
        array_sort(array_agg(legal_entity_id)) as legal_entity_ids
    from candidates
    group by order_key
),

named as (
    select
        *,
        case when candidate_count = 1 then first_legal_entity_id
            else {{ joined_list('legal_entity_ids') }}
        end as candidate_legal_entity_ids
    from mapped
)

select
    orders.order_key,
    orders.customer_id,
    case
        when named.candidate_count = 1 then 'resolved'
        when named.candidate_count > 1 then 'ambiguous'
        else 'unmapped'
    end as mapping_status,
    named.mapped_by,
    named.candidate_legal_entity_ids,
    case when named.candidate_count = 1 then named.candidate_legal_entity_ids end
        as expected_legal_entity_id,
    coalesce(named.candidate_legal_entity_ids, '(unmapped)') as destination_key,
    coalesce(named.legal_entity_ids, every_entity.legal_entity_ids) as legal_entity_ids
from orders
cross join every_entity
left join named
    on orders.order_key = named.order_key
