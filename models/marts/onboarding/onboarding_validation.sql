-- Grain: one absent customer of the headline and expected destination: would D365 accept the
-- record, and if not, which fields it would reject. What a template row gives is no fault of the
-- customer: it withholds the import file only.
with

records as (
    select * from {{ ref('onboarding_customer_records') }}
),

failures as (
    select
        worklist_key,
        bool_and(failing_field = 'template') as is_template_only,
        {{ sorted_list('failing_field') }} as failing_fields,
        {{ sorted_list("field_name || ' ' || replace(problem, '_', ' ')") }} as failing_reasons
    from {{ ref('onboarding_validation_failures') }}
    group by worklist_key
)

select
    records.worklist_key,
    records.customer_id,
    records.destination_key,
    records.expected_legal_entity_id,
    records.erp,
    coalesce(failures.is_template_only, true) as is_valid,
    cast(failures.failing_fields as string) as failing_fields,
    cast(failures.failing_reasons as string) as failing_reasons
from records
left join failures
    on records.worklist_key = failures.worklist_key
