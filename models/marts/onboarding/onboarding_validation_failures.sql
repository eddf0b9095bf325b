-- Grain: one field of one absent customer of the headline and expected destination that D365 would
-- reject, with the limit behind it.
with

records as (
    select * from {{ ref('onboarding_customer_records') }}
),

fields as (
    select * from {{ ref('onboarding_record_fields') }}
),

limits as (
    select * from {{ ref('d365_field_limits') }}
),

judged as (
    select
        fields.worklist_key,
        records.customer_id,
        records.destination_key,
        records.erp,
        fields.field_name,
        limits.d365_field,
        limits.max_length,
        case
            when fields.field_value is null and fields.field_text is not null then 'invalid'
            when fields.field_value is null
                and limits.mandatory_for in ('all', records.segment_code) then 'missing'
            when fields.is_wrong then 'invalid'
            when length(fields.field_value) > limits.max_length then 'too_long'
            -- a spreadsheet would run it: it goes into no import file
            when {{ matches_pattern('fields.field_value', '(^|;)[\\s\\p{Z}\\p{Cf}]*[=+@＝＋－＠-]') }}
                then 'reads_as_formula'
        end as problem
    from fields
    inner join records
        on fields.worklist_key = records.worklist_key
    inner join limits
        on records.erp = lower(limits.erp)
        and fields.field_name = limits.field_name
)

select
    worklist_key,
    customer_id,
    destination_key,
    cast(erp as string) as erp,
    -- the fields that a template row gives fail as `template`
    cast(split_part(field_name, '.', 1) as string) as failing_field,
    field_name,
    cast(d365_field as string) as d365_field,
    cast(problem as string) as problem,
    cast(max_length as int) as max_length
from judged
where problem is not null
