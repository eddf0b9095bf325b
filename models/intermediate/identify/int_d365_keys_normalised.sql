-- Grain: one key value of one D365 customer or Dataverse row (holder) for one join predicate of the
-- field map.
with

picked as (
    select * from {{ ref('int_d365_keys_picked') }}
),

keys as (
    select * from {{ ref('int_keys_normalised') }}
)

select distinct
    picked.holder_key,
    picked.d365_system,
    picked.match_key_id,
    picked.key_type,
    keys.key_value
from picked
inner join keys
    on picked.key_type = keys.key_type
    and picked.key_text = keys.key_text
    and coalesce(picked.country_code, '') = coalesce(keys.country_code, '')
