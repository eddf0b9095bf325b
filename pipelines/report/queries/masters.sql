select
    guard.*,
    coalesce(entities.legal_entity_name, guard.legal_entity_id) as legal_entity_name
from cards.fct_master_guard as guard
left join cards.dim_legal_entities as entities
    on guard.legal_entity_id = entities.legal_entity_id
order by guard.legal_entity_id
