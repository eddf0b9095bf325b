-- Grain: one key value of one subject for one join predicate of the field map.
-- The long form of the match keys: (subject, key type, value).
with

picked as (
    select * from {{ ref('int_subject_keys_picked') }}
),

keys as (
    select * from {{ ref('int_keys_normalised') }}
)

select
    picked.subject_key,
    picked.match_key_id,
    picked.key_scope,
    picked.key_type,
    keys.key_value,
    bool_or(picked.is_own) as is_own
from picked
inner join keys
    on picked.key_type = keys.key_type
    and picked.key_text = keys.key_text
    and coalesce(picked.country_code, '') = coalesce(keys.country_code, '')
group by
    picked.subject_key,
    picked.match_key_id,
    picked.key_scope,
    picked.key_type,
    keys.key_value
