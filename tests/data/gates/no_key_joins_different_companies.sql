-- What: no ERP number or tax id merges companies of different names or tax ids.
-- When it matters: a placeholder that no list knows (TBD2, ask Ann) makes strangers one customer,
-- and a D365 account of that number makes all of them present.
-- How to fix: look at the parties in shared_keys; add a placeholder to field_map_ignored_keys, or
-- correct the value in the shop. One company under two names may stay.
{{ config(severity='warn') }}
select
    key_type,
    reason,
    subject_count,
    subject_keys
from {{ ref('shared_keys') }}
where reason != 'too many subjects'
