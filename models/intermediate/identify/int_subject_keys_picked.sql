-- Grain: one text that the field map picks as a key of a subject (not normalised yet).
with

subject_fields as (
    select * from {{ ref('int_subject_fields_gathered') }}
),

match_keys as (
    select * from {{ ref('int_match_keys_active') }}
)

select distinct
    subject_fields.subject_key,
    match_keys.match_key_id,
    match_keys.key_scope,
    match_keys.key_type,
    subject_fields.field_value as key_text,
    case when match_keys.key_type = 'tax_id' then subject_fields.country_code end as country_code,
    subject_fields.is_own
from subject_fields
inner join match_keys
    on match_keys.source_field in (subject_fields.field_name, subject_fields.any_field_name)
    and match_keys.platform in ('*', subject_fields.platform)
