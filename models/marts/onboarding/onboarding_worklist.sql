-- Grain: one absent customer of the headline and expected destination, ranked by blocked value.
with

absences as (
    select * from {{ ref('onboarding_absences') }}
),

customers as (
    select * from {{ ref('dim_commerce_customers') }}
),

actions as (
    select * from {{ ref('onboarding_actions') }}
),

openings as (
    select * from {{ ref('onboarding_openings') }}
    where is_listed
)

select
    cast(absences.worklist_key as string) as worklist_key,
    cast(absences.worklist_rank as int) as worklist_rank,
    absences.customer_id,
    customers.customer_name,
    absences.segment_code,
    absences.platforms,
    customers.platform_customers,
    customers.emails,
    customers.tax_ids,
    customers.is_tax_id_valid,
    absences.expected_legal_entity_id,
    absences.mapping_status,
    absences.mapped_by,
    absences.candidate_legal_entity_ids,
    absences.order_count,
    absences.open_order_count as blocked_order_count,
    absences.first_order_at,
    absences.last_order_at,
    absences.blocked_value_reporting,
    cast('{{ var("reporting_currency") }}' as string) as reporting_currency_code,
    absences.blocked_values,
    absences.posted_value_reporting,
    absences.posted_values,
    absences.is_rate_missing,
    absences.is_awaiting_sync,
    absences.is_in_dataverse,
    absences.dataverse_ids,
    absences.other_legal_entity_ids,
    absences.other_d365_customer_ids,
    absences.near_match_d365_customer_ids,
    absences.near_match_score,
    absences.failed_flow_run_ids,
    absences.failing_fields,
    absences.failing_reasons,
    absences.primary_reason,
    actions.suggested_action,
    actions.owner,
    openings.first_seen_date,
    openings.days_open,
    openings.aging_bucket,
    openings.is_reopened,
    absences.set_aside_until,
    cast(absences.set_aside_by as string) as set_aside_by,
    cast(absences.set_aside_note as string) as set_aside_note
from absences
left join customers
    on absences.customer_id = customers.customer_id
left join openings
    on absences.customer_id = openings.customer_id
    and absences.destination_key = openings.destination_key
left join actions
    on absences.primary_reason = actions.primary_reason
    and absences.segment_code = actions.segment_code
