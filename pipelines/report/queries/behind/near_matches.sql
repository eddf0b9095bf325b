select
    worklist.worklist_rank as rank,
    matches.d365_customer_name,
    matches.d365_customer_id,
    matches.legal_entity_id,
    matches.is_blocked,
    matches.score,
    matches.driven_by,
    matches.customer_id
from worklist.onboarding_near_matches as matches
inner join worklist.onboarding_worklist as worklist
    on matches.customer_id = worklist.customer_id
order by rank, matches.match_rank
