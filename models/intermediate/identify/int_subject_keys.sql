-- Grain: one key value of one subject, with its fields as the field map calls them.
-- subject_count: how many subjects the value would connect; NULL when it connects no one: not a
-- field of the headline, not the subject's own (an e-mail may be the buyer's), or a key type that
-- merges no one.
with

subject_fields as (
    select * from {{ ref('int_subject_fields') }}
),

keys as (
    select * from {{ ref('int_keys') }}
    where key_value is not null
),

mapped_fields as (
    select
        platform,
        source_field,
        key_type,
        bool_or(key_scope = 'headline') as is_headline
    from {{ ref('int_match_keys_active') }}
    group by platform, source_field, key_type
),

subject_keys as (
    select
        subject_fields.subject_key,
        subject_fields.subject_type,
        subject_fields.platform,
        keys.key_type,
        keys.key_value,
        array_agg(subject_fields.mapped_field) as fields,
        bool_or(mapped_fields.is_headline) as is_headline,
        bool_or(mapped_fields.is_headline and subject_fields.is_own) as is_own
    from subject_fields
    inner join mapped_fields
        on mapped_fields.platform in ('*', subject_fields.platform)
        and subject_fields.mapped_field = mapped_fields.source_field
        and subject_fields.key_type = mapped_fields.key_type
    inner join keys
        on subject_fields.key_type = keys.key_type
        and subject_fields.canonical_text = keys.canonical_text
        and coalesce(subject_fields.country_code, '') = coalesce(keys.country_code, '')
    group by
        subject_fields.subject_key,
        subject_fields.subject_type,
        subject_fields.platform,
        keys.key_type,
        keys.key_value
),

judged as (
    select
        *,
        is_headline and case merge_rule when 'companies' then is_own else merge_rule = 'persons' end
            as is_connecting
    from (select *, {{ by_key_type('merges') }} as merge_rule from subject_keys) as subject_keys
),

counted as (
    select
        *,
        case
            when is_connecting
                then count(*) over (partition by key_type, key_value, is_connecting)
        end as subject_count
    from judged
)

select
    subject_key,
    subject_type,
    platform,
    key_type,
    key_value,
    fields,
    is_headline,
    is_own,
    merge_rule = 'companies' as merges_companies,
    subject_count,
    coalesce(subject_count <= {{ var('max_subjects_per_key') }}, false) as is_merging
from counted
