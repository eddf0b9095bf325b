-- Grain: one absent customer of the headline and expected destination, with the values behind it,
-- where else it exists, its rank by blocked value and its primary reason (the first that applies).
-- Rated customers rank first, then those without a rate by their own currency value; ties by the
-- oldest order, then the id.
with

presence as (select * from {{ ref('fct_customer_presence') }} where is_in_headline),

-- each order to the cent, as everywhere (macro own_value)
orders as (
    select *, cast(order_value as decimal(18, 2)) as own_value from {{ ref('onboarding_orders') }}
),

per_currency as (
    select customer_id, destination_key, order_currency_code,
        sum(case when is_blocked then own_value end) as blocked_value,
        sum(case when is_posted then own_value end) as posted_value,
        sum(case when is_blocked and is_rate_missing then own_value end) as unrated_value
    from orders
    group by customer_id, destination_key, order_currency_code
),

own_values as (
    select customer_id, destination_key,
        {{ sorted_list(own_value('blocked_value')) }} as blocked_values,
        {{ sorted_list(own_value('posted_value')) }} as posted_values,
        coalesce(max(unrated_value), 0) as unrated_value
    from per_currency
    group by customer_id, destination_key
),

found as (
    select customer_id, dataverse_id, not is_promoted as is_unpromoted,
        promoted_legal_entity_id as legal_entity_id, promoted_d365_customer_id as d365_customer_id,
        cast(null as decimal(5, 4)) as near_match_score
    from {{ ref('xref_customer_dataverse') }}
    union all
    select customer_id, null, false, coalesce(legal_entity_id, erp_code), d365_customer_id, null
    from {{ ref('int_party_matches') }}
    where key_scope = 'headline'
    union all
    select customer_id, null, false, null, d365_customer_id, score
    from {{ ref('onboarding_near_matches') }}
),

decisions as (select * from {{ ref('int_decisions_applied') }} where effect = 'in_force'),

-- who is in the destination itself has no key of the customer: probably it is the same, except
-- (NULL) where a person decided that it is not
located as (
    select presence.destination_key, found.*, case when decisions.decision is null
        then found.legal_entity_id is null or contains(
            ', ' || presence.destination_key || ',', ', ' || found.legal_entity_id || ','
        ) end as is_near
    from found
    inner join presence
        on found.customer_id = presence.customer_id
    left join decisions
        on decisions.decision = 'not_same' and found.customer_id = decisions.customer_id
        and lower(found.legal_entity_id) = decisions.legal_entity_id
        and {{ canonical_account('found.d365_customer_id') }}
            = {{ canonical_account('decisions.d365_customer_id') }}
),

cross_references as (
    select customer_id, destination_key,
        {{ sorted_list('dataverse_id') }} as dataverse_ids,
        bool_or(is_unpromoted) as is_unpromoted,
        {{ sorted_list('case when not is_near then legal_entity_id end') }}
            as other_legal_entity_ids,
        {{ sorted_list('case when not is_near then d365_customer_id end') }}
            as other_d365_customer_ids,
        {{ sorted_list('case when is_near then d365_customer_id end') }}
            as near_match_d365_customer_ids,
        max(near_match_score) as near_match_score
    from located
    group by customer_id, destination_key
),

listed_orders as (
    select orders.customer_id, orders.destination_key,
        {{ sorted_list('md5(orders.order_key)') }} as order_ids,
        {{ sorted_list('failures.flow_run_key') }} as failed_flow_run_ids
    from orders
    left join {{ ref('int_order_flow_failures') }} as failures
        on orders.order_key = failures.order_key and failures.purpose = 'creates_customer'
    group by orders.customer_id, orders.destination_key
),

failures as (
    select customer_id, destination_key,
        bool_and(failing_field = 'template') as is_template_only,
        {{ sorted_list('failing_field') }} as failing_fields,
        {{ sorted_list("field_name || ' ' || replace(problem, '_', ' ')") }} as failing_reasons
    from {{ ref('onboarding_validation_failures') }}
    group by customer_id, destination_key
),

valued as (
    select
        presence.*,
        presence.customer_id || '|' || presence.destination_key as worklist_key,
        presence.open_value_reporting as blocked_value_reporting,
        own_values.unrated_value, own_values.blocked_values, own_values.posted_values,
        decisions.until_date as set_aside_until, decisions.decided_by as set_aside_by,
        decisions.note as set_aside_note
    from presence
    left join decisions
        on decisions.decision = 'set_aside_until' and presence.customer_id = decisions.customer_id
    left join own_values
        on presence.customer_id = own_values.customer_id
        and presence.destination_key = own_values.destination_key
)

select
    valued.*,
    row_number() over (
        order by
            valued.is_rate_missing asc,
            case when valued.is_rate_missing then valued.unrated_value
                else valued.blocked_value_reporting end desc nulls last,
            valued.blocked_value_reporting desc nulls last,
            valued.first_order_at asc, valued.customer_id asc, valued.destination_key asc
    ) as worklist_rank,
    cross_references.dataverse_ids,
    cross_references.other_legal_entity_ids, cross_references.other_d365_customer_ids,
    cross_references.near_match_d365_customer_ids, cross_references.near_match_score,
    cast(listed_orders.order_ids as string) as order_ids, listed_orders.failed_flow_run_ids,
    failures.failing_fields, failures.failing_reasons,
    case
        when cross_references.is_unpromoted then 'in_dataverse_not_promoted'
        when cross_references.other_legal_entity_ids is not null then 'in_other_legal_entity'
        when cross_references.near_match_d365_customer_ids is not null then 'possible_key_mismatch'
        when valued.is_awaiting_sync then 'awaiting_sync'
        when listed_orders.failed_flow_run_ids is not null then 'flow_failed'
        -- what a template row gives is no fault of the customer
        when not failures.is_template_only then 'validation_failed'
        else 'not_created'
    end as primary_reason
from valued
left join cross_references
    on valued.customer_id = cross_references.customer_id
    and valued.destination_key = cross_references.destination_key
left join listed_orders
    on valued.customer_id = listed_orders.customer_id
    and valued.destination_key = listed_orders.destination_key
left join failures
    on valued.customer_id = failures.customer_id
    and valued.destination_key = failures.destination_key
