-- What: headline and twin each have an active join predicate on a system that holds a customer
-- master.
-- When it matters: a scope without one finds nobody, so every customer would be absent.
-- How to fix: switch a row of the scope on in field_map_match_keys (d365_system fo, bc or *).
{{ config(group='data_platform') }}
with

scopes as (
    select distinct key_scope from {{ ref('card_registry') }}
    where is_enabled and key_scope is not null
),

match_keys as (
    select * from {{ ref('int_match_keys_active') }}
    where d365_system in ('fo', 'bc')
)

select scopes.key_scope
from scopes
left join match_keys
    on scopes.key_scope = match_keys.key_scope
where match_keys.key_scope is null
