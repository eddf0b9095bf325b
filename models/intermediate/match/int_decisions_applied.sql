-- Grain: one row of onboarding_decisions and D365 customer that it names, with its commerce
-- customer. effect: in_force; replaced (another row about the same two, or about setting the
-- customer aside, counts: the later one; of one day not_same, and the earlier date); ended (the day
-- of set_aside_until has come); no_customer (no order of the look-back is of it); no_account (not
-- in that entity, nor in the one whose master it shares).
with

decisions as (
    select
        lower(trim(customer)) as customer,
        lower(trim(decision)) as decision,
        lower(trim(legal_entity_id)) as legal_entity_id,
        trim(d365_customer_id) as d365_customer_id,
        until_date,
        {{ blank_to_null('decided_by') }} as decided_by,
        decided_on,
        {{ blank_to_null('note') }} as note
    from {{ ref('onboarding_decisions') }}
),

named_customers as (
    select lower(subject_key) as customer, customer_id from {{ ref('int_customers') }}
    union
    select customer_id, customer_id from {{ ref('int_customers') }}
),

found as (
    select
        decisions.*,
        named_customers.customer_id,
        parties.party_key as d365_customer_key
    from decisions
    left join named_customers
        on decisions.customer = named_customers.customer
    left join {{ ref('field_map_legal_entities') }} as legal_entities
        on decisions.legal_entity_id = lower(legal_entities.legal_entity_id)
    left join {{ ref('int_erp_parties') }} as parties
        on parties.d365_system != 'dataverse'
        and decisions.decision != 'set_aside_until'
        and {{ canonical_account('decisions.d365_customer_id') }}
            = {{ canonical_account('parties.d365_customer_id') }}
        and lower(coalesce(parties.legal_entity_id, parties.erp_code))
            in (decisions.legal_entity_id, lower(legal_entities.customer_master_legal_entity_id))
),

ranked as (
    select
        *,
        row_number() over (
            partition by
                coalesce(customer_id, customer),
                decision = 'set_aside_until',
                coalesce(d365_customer_key, legal_entity_id || '|' || d365_customer_id)
            order by decided_on desc nulls last, decision asc, until_date asc, note asc
        ) as decision_rank
    from found
)

select
    customer,
    decision,
    legal_entity_id,
    d365_customer_id,
    until_date,
    decided_by,
    decided_on,
    note,
    customer_id,
    d365_customer_key,
    case
        when customer_id is null then 'no_customer'
        when decision != 'set_aside_until' and d365_customer_key is null then 'no_account'
        when decision_rank > 1 then 'replaced'
        when until_date <= {{ as_of_date() }} then 'ended'
        else 'in_force'
    end as effect
from ranked
