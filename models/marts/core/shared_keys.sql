-- Grain: one key value that more subjects share than max_subjects_per_key: it merges nobody.
with

links as (
    select * from {{ ref('int_identity_links_kept') }}
    where not is_merging
)

select
    cast(key_type as string) as key_type,
    cast(key_value as string) as key_value,
    cast(max(subject_count) as bigint) as subject_count
from links
group by key_type, key_value
