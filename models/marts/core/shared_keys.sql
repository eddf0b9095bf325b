-- Grain: one key value that more subjects share than max_subjects_per_key: it does not merge them.
with

subject_keys as (
    select * from {{ ref('int_subject_keys') }}
    where subject_count > {{ var('max_subjects_per_key') }}
)

select
    cast(key_type as string) as key_type,
    cast(key_value as string) as key_value,
    cast(max(subject_count) as bigint) as subject_count
from subject_keys
group by key_type, key_value
