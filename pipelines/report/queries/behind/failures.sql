select
    worklist.worklist_rank as rank,
    failures.failing_field,
    failures.d365_field,
    failures.problem,
    failures.max_length,
    coalesce(fields.field_value, fields.field_text) as value
from worklist.onboarding_validation_failures as failures
inner join worklist.onboarding_worklist as worklist
    on failures.worklist_key = worklist.worklist_key
left join worklist.onboarding_record_fields as fields
    on failures.worklist_key = fields.worklist_key
    and failures.field_name = fields.field_name
order by rank, failures.failing_field, failures.problem
