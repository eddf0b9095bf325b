-- Grain: one row of onboarding_decisions, and what it does today. What points to nothing (any more)
-- is to be corrected or deleted. other_entity: D365 has the account, but no order of the customer
-- is expected in its entity, so the customer stays absent.
with

decisions as (
    select * from {{ ref('int_decisions_applied') }}
),

matches as (
    select * from {{ ref('int_destination_matches') }}
    where contains(', ' || matched_key_types || ',', ', decision,')
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
    and contains(
        ', ' || lower(matches.d365_customer_ids) || ',',
        ', ' || lower(decisions.d365_customer_id) || ','
    )
left join customers
    on decisions.customer_id = customers.customer_id
group by
    decisions.customer, decisions.decision, decisions.legal_entity_id, decisions.d365_customer_id,
    decisions.until_date, decisions.decided_by, decisions.decided_on, decisions.note
