-- What: no key value is shared by more subjects than max_subjects_per_key.
-- When it matters: such a value merges nobody, so one customer may be counted as many.
-- How to fix: list a placeholder in field_map_ignored_keys; raise the var for one buyer with very
-- many accounts.
{{ config(severity='warn') }}
select
    key_type,
    key_value,
    subject_count
from {{ ref('shared_keys') }}
