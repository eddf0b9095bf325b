-- Grain: one row of onboarding_decisions, and what it does today. What points to nothing (any more)
-- is to be corrected or deleted. other_entity: D365 has the account, but no order of the customer
-- is expected in its entity, so the customer stays absent.
with

decisions as (
    select * from {{ ref('int_decisions_applied') }}
),

-- the accounts of decisions in whose entity, or in its customer master, orders are expected
matches as (
    select distinct parties.customer_id, parties.d365_customer_key
    from {{ ref('int_party_matches') }} as parties
    inner join {{ ref('int_order_destinations') }} as destinations
        on parties.customer_id = destinations.customer_id
    inner join {{ ref('field_map_legal_entities') }} as legal_entities
        on array_contains(destinations.legal_entity_ids, legal_entities.legal_entity_id)
        and parties.legal_entity_id in (
            legal_entities.legal_entity_id, legal_entities.customer_master_legal_entity_id
        )
    where parties.key_type = 'decision'
),

customers as (
    select * from {{ ref('dim_commerce_customers') }}
)

select
    decisions.customer as customer_text,
    max(decisions.customer_id) as customer_id,
    cast(max(customers.customer_name) as string) as customer_name,
    decisions.decision,
    decisions.legal_entity_id,
    decisions.d365_customer_id,
    decisions.until_date,
    decisions.decided_by,
    decisions.decided_on,
    decisions.note,
    cast(
        case
            when min(decisions.effect) != 'in_force' or decisions.decision != 'same_as'
                then min(decisions.effect)
            when count(matches.customer_id) = 0 then 'other_entity'
            else 'in_force'
        end as string
    ) as effect
from decisions
left join matches
    on decisions.customer_id = matches.customer_id
    and decisions.d365_customer_key = matches.d365_customer_key
left join customers
    on decisions.customer_id = customers.customer_id
group by
    decisions.customer, decisions.decision, decisions.legal_entity_id, decisions.d365_customer_id,
    decisions.until_date, decisions.decided_by, decisions.decided_on, decisions.note
