-- Grain: one subject and one key value that may connect it with others. Headline keys only; a value
-- shared by more than max_subjects_per_key subjects merges nothing (is_merging false, listed in
-- shared_keys).
with

subject_keys as (
    select distinct
        subject_key,
        key_type,
        key_value
    from {{ ref('int_subject_keys_normalised') }}
    where key_scope = 'headline'
        and key_type != 'name_address'
        and (is_own or key_type = 'email')
),

subjects as (
    select * from {{ ref('int_subjects_listed') }}
),

counted as (
    select
        subject_key,
        key_type,
        key_value,
        count(*) over (partition by key_type, key_value) as subject_count
    from subject_keys
)

select
    counted.subject_key,
    subjects.subject_type,
    counted.key_type,
    counted.key_value,
    counted.subject_count,
    counted.subject_count <= {{ var('max_subjects_per_key') }} as is_merging
from counted
inner join subjects
    on counted.subject_key = subjects.subject_key
