select
    worklist.worklist_rank as rank,
    coalesce(entities.legal_entity_name, tried.legal_entity_id) as legal_entity_name,
    tried.source_field,
    tried.key_values,
    tried.d365_field,
    tried.outcome,
    coalesce(tried.unusable_because, tried.found_records) as detail,
    tried.where_to_look
from worklist.onboarding_keys_tried as tried
inner join worklist.onboarding_worklist as worklist
    on tried.worklist_key = worklist.worklist_key
left join cards.dim_legal_entities as entities
    on tried.legal_entity_id = entities.legal_entity_id
order by rank, legal_entity_name, tried.outcome = 'no_value', tried.precedence, tried.match_key_id
