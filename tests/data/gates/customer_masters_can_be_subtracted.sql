-- What: no customer master used by the cards is empty, shrunk, stale or full of rejected records.
-- When it matters: with half a master every customer of the other half looks absent. The cards show
-- missing_data, the build fails and the last good publication stays.
-- How to fix: see guard_reason, per legal entity.
-- Runs after the cards, so that they show missing_data: depends_on {{ ref('card_values') }}
with

guard as (
    select * from {{ ref('fct_master_guard') }}
)

select
    legal_entity_id,
    guard_state,
    guard_reason
from guard
where guard_state not in ('ok', 'not_configured')
