-- Grain: one absent customer of the headline and expected destination, ranked by blocked value.
-- Rated customers first, then those without a rate by their own currency value; ties by the oldest
-- order, then the id.
with

absences as (
    select * from {{ ref('onboarding_absences') }}
),

customers as (
    select * from {{ ref('dim_commerce_customers') }}
),

active_customers as (
    select * from {{ ref('fct_active_customers') }}
),

actions as (
    select * from {{ ref('onboarding_actions') }}
),

openings as (
    select * from {{ ref('onboarding_openings') }}
    where is_listed
),

joined as (
    select
        absences.*,
        customers.customer_name,
        customers.platform_customers,
        customers.emails,
        customers.tax_ids,
        customers.is_tax_id_valid,
        active_customers.segment_code,
        active_customers.platforms
    from absences
    inner join active_customers
        on absences.customer_id = active_customers.customer_id
        and absences.window_days = active_customers.window_days
        and active_customers.key_scope = 'headline'
    left join customers
        on absences.customer_id = customers.customer_id
)

select
    cast(joined.customer_id || '|' || joined.destination_key as string) as worklist_key,
    cast(
        row_number() over (
            order by
                joined.is_rate_missing asc,
                case when joined.is_rate_missing
                    then joined.unrated_value else joined.blocked_value_reporting end
                    desc nulls last,
                joined.blocked_value_reporting desc nulls last,
                joined.first_order_at asc,
                joined.customer_id asc,
                joined.destination_key asc
        ) as int
    ) as worklist_rank,
    joined.customer_id,
    joined.customer_name,
    joined.segment_code,
    joined.platforms,
    joined.platform_customers,
    joined.emails,
    joined.tax_ids,
    joined.is_tax_id_valid,
    joined.expected_legal_entity_id,
    joined.mapping_status,
    joined.mapped_by,
    joined.candidate_legal_entity_ids,
    joined.order_count,
    joined.blocked_order_count,
    joined.first_order_at,
    joined.last_order_at,
    joined.blocked_value_reporting,
    cast('{{ var("reporting_currency") }}' as string) as reporting_currency_code,
    joined.blocked_values,
    joined.posted_value_reporting,
    joined.is_rate_missing,
    joined.is_awaiting_sync,
    joined.dataverse_ids is not null as is_in_dataverse,
    joined.dataverse_ids,
    joined.other_legal_entity_ids,
    joined.other_d365_customer_ids,
    joined.near_match_d365_customer_ids,
    joined.near_match_score,
    joined.failed_flow_run_ids,
    joined.failing_fields,
    joined.failing_reasons,
    joined.primary_reason,
    cast(actions.suggested_action as string) as suggested_action,
    cast(actions.owner as string) as owner,
    openings.first_seen_date,
    openings.days_open,
    openings.aging_bucket,
    openings.is_reopened
from joined
left join openings
    on joined.customer_id = openings.customer_id
    and joined.destination_key = openings.destination_key
left join actions
    on joined.primary_reason = actions.primary_reason
    and joined.segment_code = actions.segment_code
