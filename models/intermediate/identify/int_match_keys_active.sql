-- Grain: one active join predicate of the field map: a commerce field on one side, a D365 or Dataverse field on the other.
with

match_keys as (
    select * from {{ ref('field_map_match_keys') }}
    where is_active
)

select
    match_key_id,
    lower(scope) as key_scope,
    lower(platform) as platform,
    lower(key_type) as key_type,
    source_field,
    lower(d365_system) as d365_system,
    d365_field,
    cast(precedence as int) as precedence
from match_keys
