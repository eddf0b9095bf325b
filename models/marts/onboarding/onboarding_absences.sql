-- Grain: one absent customer of the headline and expected destination, with the values behind it,
-- where else it exists and its primary reason (first that holds, in the order of the onboarding
-- actions).
with

presence as (
    select * from {{ ref('fct_customer_presence') }}
    where key_scope = 'headline' and presence = 'absent'
),

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
),

orders as (
    select * from {{ ref('onboarding_orders') }}
),

xref_d365 as (
    select * from {{ ref('xref_customer_d365') }}
    where key_scope = 'headline'
),

xref_dataverse as (
    select * from {{ ref('xref_customer_dataverse') }}
),

failed_flow_runs as (
    select * from {{ ref('onboarding_failed_flow_runs') }}
),

validation as (
    select * from {{ ref('onboarding_validation') }}
),

near_matches as (
    select * from {{ ref('xref_near_matches') }}
    where is_shown
),

open_per_currency as (
    select
        customer_id,
        destination_key,
        order_currency_code,
        sum(order_value) as open_value,
        sum(case when is_rate_missing then order_value else 0 end) as unrated_value,
        sum(order_value_reporting) as open_value_reporting
    from orders
    where is_blocked
    group by customer_id, destination_key, order_currency_code
),

open_values as (
    select
        customer_id,
        destination_key,
        {{ sorted_list(
            "order_currency_code || ' ' || cast(cast(open_value as decimal(18, 2)) as string)"
        ) }} as blocked_values,
        sum(open_value_reporting) as blocked_value_reporting,
        max(unrated_value) as unrated_value
    from open_per_currency
    group by customer_id, destination_key
),

elsewhere as (
    select
        customer_id,
        {{ sorted_list('legal_entity_id') }} as other_legal_entity_ids,
        {{ sorted_list('d365_customer_id') }} as other_d365_customer_ids
    from xref_d365
    group by customer_id
),

in_dataverse as (
    select
        customer_id,
        {{ sorted_list('dataverse_id') }} as dataverse_ids
    from xref_dataverse
    group by customer_id
),

near as (
    select
        customer_id,
        {{ sorted_list('d365_customer_id') }} as near_match_d365_customer_ids,
        max(score) as near_match_score
    from near_matches
    group by customer_id
)

select
    presence.window_days,
    presence.customer_id,
    presence.destination_key,
    presence.expected_legal_entity_id,
    presence.mapping_status,
    presence.mapped_by,
    presence.candidate_legal_entity_ids,
    presence.order_count,
    presence.open_order_count as blocked_order_count,
    presence.first_order_at,
    presence.last_order_at,
    cast(
        case
            when presence.open_order_count = 0 then 0
            else open_values.blocked_value_reporting
        end as decimal(18, 2)
    ) as blocked_value_reporting,
    cast(coalesce(open_values.unrated_value, 0) as decimal(18, 4)) as unrated_value,
    cast(open_values.blocked_values as string) as blocked_values,
    presence.posted_value_reporting,
    presence.is_rate_missing,
    presence.is_awaiting_sync,
    cast(in_dataverse.dataverse_ids as string) as dataverse_ids,
    cast(elsewhere.other_legal_entity_ids as string) as other_legal_entity_ids,
    cast(elsewhere.other_d365_customer_ids as string) as other_d365_customer_ids,
    cast(near.near_match_d365_customer_ids as string) as near_match_d365_customer_ids,
    near.near_match_score,
    failed_flow_runs.failed_flow_run_ids,
    validation.failing_fields,
    validation.failing_reasons,
    cast(
        case
            when in_dataverse.customer_id is not null then 'in_dataverse_not_promoted'
            when elsewhere.customer_id is not null then 'in_other_legal_entity'
            when near.customer_id is not null then 'possible_key_mismatch'
            when presence.is_awaiting_sync then 'awaiting_sync'
            when failed_flow_runs.customer_id is not null then 'flow_failed'
            when not validation.is_valid then 'validation_failed'
            else 'not_created'
        end as string
    ) as primary_reason
from presence
inner join cards
    on presence.window_days = cards.window_days
left join open_values
    on presence.customer_id = open_values.customer_id
    and presence.destination_key = open_values.destination_key
left join elsewhere
    on presence.customer_id = elsewhere.customer_id
left join in_dataverse
    on presence.customer_id = in_dataverse.customer_id
left join near
    on presence.customer_id = near.customer_id
left join failed_flow_runs
    on presence.customer_id = failed_flow_runs.customer_id
    and presence.destination_key = failed_flow_runs.destination_key
left join validation
    on presence.customer_id = validation.customer_id
    and presence.destination_key = validation.destination_key
