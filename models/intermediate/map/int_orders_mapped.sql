-- Grain: one order of a store in scope, with its expected legal entity. Within the winning level
-- exactly one entity = resolved, several = ambiguous (all candidates kept), none on any level =
-- unmapped.
with

orders as (
    select * from {{ ref('int_orders') }}
    where is_store_in_scope
),

candidates as (
    select * from {{ ref('int_entity_candidates_found') }}
),

customers as (
    select * from {{ ref('int_customers') }}
),

winning_levels as (
    select
        order_key,
        min(level_rank) as level_rank
    from candidates
    group by order_key
),

mapped as (
    select
        candidates.order_key,
        max(candidates.mapped_by) as mapped_by,
        count(*) as candidate_count,
        {{ sorted_list('candidates.legal_entity_id') }} as candidate_legal_entity_ids
    from candidates
    inner join winning_levels
        on candidates.order_key = winning_levels.order_key
        and candidates.level_rank = winning_levels.level_rank
    group by candidates.order_key
)

select
    orders.*,
    customers.customer_id,
    case
        when mapped.candidate_count = 1 then 'resolved'
        when mapped.candidate_count > 1 then 'ambiguous'
        else 'unmapped'
    end as mapping_status,
    mapped.mapped_by,
    mapped.candidate_legal_entity_ids,
    case when mapped.candidate_count = 1 then mapped.candidate_legal_entity_ids end
        as expected_legal_entity_id,
    coalesce(mapped.candidate_legal_entity_ids, '(unmapped)') as destination_key
from orders
left join customers
    on orders.subject_key = customers.subject_key
left join mapped
    on orders.order_key = mapped.order_key
