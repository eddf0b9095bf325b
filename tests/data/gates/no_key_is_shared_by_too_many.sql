-- What: no key value is shared by more than max_subjects_per_key subjects.
-- When it matters: such a value merges no one, so one customer may count as many.
-- How to fix: add a placeholder to field_map_ignored_keys; raise the var for a buyer with very many
-- accounts.
{{ config(severity='warn') }}
select
    key_type,
    key_value,
    subject_count
from {{ ref('shared_keys') }}
where reason = 'too many subjects'
