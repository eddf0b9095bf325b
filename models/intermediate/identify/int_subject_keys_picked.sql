-- Grain: one text that the field map picks as a key of a subject (not normalised yet).
with

subject_fields as (
    select * from {{ ref('int_subject_fields_gathered') }}
),

match_keys as (
    select distinct
        match_key_id,
        key_scope,
        platform,
        key_type,
        source_field
    from {{ ref('int_match_keys_active') }}
),

named_fields as (
    select subject_key, platform, field_name as source_field, field_value, country_code, is_own
    from subject_fields
    union all
    select subject_key, platform, any_field_name as source_field, field_value, country_code, is_own
    from subject_fields
    where any_field_name != field_name
)

select distinct
    named_fields.subject_key,
    match_keys.match_key_id,
    match_keys.key_scope,
    match_keys.key_type,
    named_fields.field_value as key_text,
    case when match_keys.key_type = 'tax_id' then named_fields.country_code end as country_code,
    named_fields.is_own
from named_fields
inner join match_keys
    on named_fields.source_field = match_keys.source_field
    and match_keys.platform in ('*', named_fields.platform)
