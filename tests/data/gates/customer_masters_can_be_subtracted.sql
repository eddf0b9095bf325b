-- What: every customer master that the cards subtract is loaded, not empty, not shrunk and not
-- stale.
-- When it matters: with half a master every customer of the other half would look absent. The cards
-- say missing_data, the build fails, and the last good publication stays.
-- How to fix: the remedy column says it, per legal entity.
-- It runs after the cards, so that they can say missing_data: depends_on {{ ref('card_values') }}
with

guard as (
    select * from {{ ref('fct_master_guard') }}
    where guard_state not in ('ok', 'not_configured')
)

select
    legal_entity_id,
    guard_state,
    row_count,
    previous_good_row_count,
    read_at,
    case guard_state
        when 'empty'
            then 'load the customers of this entity; compare its erp_code in the field map'
        when 'shrunk'
            then 'ask why; if the smaller master is right, run once with accept_master_shrink: true'
        when 'stale' then 'deliver a newer extract of its customers, or raise max_master_age_hours'
        else 'see fct_master_guard'
    end as remedy
from guard
