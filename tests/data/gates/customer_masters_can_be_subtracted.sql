-- What: every customer master that the cards subtract is not empty, shrunk, stale or full of
-- rejected records.
-- When it matters: with half a master every customer of the other half would look absent. The cards
-- say missing_data, the build fails, and the last good publication stays.
-- How to fix: guard_reason says it, per legal entity.
-- It runs after the cards, so that they can say missing_data: depends_on {{ ref('card_values') }}
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
