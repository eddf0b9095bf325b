-- Grain: one absent customer of the headline and expected destination, with the values behind it,
-- where else it exists and its primary reason (first that holds, in the order of the onboarding
-- actions).
with

absence_values as (
    select * from {{ ref('onboarding_absence_values') }}
),

cross_references as (
    select * from {{ ref('onboarding_cross_references') }}
),

failed_flow_runs as (
    select * from {{ ref('onboarding_failed_flow_runs') }}
),

validation as (
    select * from {{ ref('onboarding_validation') }}
)

select
    absence_values.window_days,
    absence_values.customer_id,
    absence_values.destination_key,
    absence_values.expected_legal_entity_id,
    absence_values.mapping_status,
    absence_values.mapped_by,
    absence_values.candidate_legal_entity_ids,
    absence_values.order_count,
    absence_values.blocked_order_count,
    absence_values.first_order_at,
    absence_values.last_order_at,
    absence_values.blocked_value_reporting,
    absence_values.unrated_value,
    absence_values.blocked_values,
    absence_values.posted_value_reporting,
    absence_values.is_rate_missing,
    absence_values.is_awaiting_sync,
    absence_values.order_ids,
    cross_references.dataverse_ids,
    cross_references.other_legal_entity_ids,
    cross_references.other_d365_customer_ids,
    cross_references.near_match_d365_customer_ids,
    cross_references.near_match_score,
    failed_flow_runs.failed_flow_run_ids,
    validation.failing_fields,
    validation.failing_reasons,
    cast(
        case
            when cross_references.dataverse_ids is not null then 'in_dataverse_not_promoted'
            when cross_references.other_legal_entity_ids is not null then 'in_other_legal_entity'
            when cross_references.near_match_score is not null then 'possible_key_mismatch'
            when absence_values.is_awaiting_sync then 'awaiting_sync'
            when failed_flow_runs.customer_id is not null then 'flow_failed'
            when not validation.is_valid then 'validation_failed'
            else 'not_created'
        end as string
    ) as primary_reason
from absence_values
left join cross_references
    on absence_values.customer_id = cross_references.customer_id
left join failed_flow_runs
    on absence_values.customer_id = failed_flow_runs.customer_id
    and absence_values.destination_key = failed_flow_runs.destination_key
left join validation
    on absence_values.customer_id = validation.customer_id
    and absence_values.destination_key = validation.destination_key
