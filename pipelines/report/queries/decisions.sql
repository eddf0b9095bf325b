-- what does nothing first; who is decided about by name, or as the row says
select
    coalesce(decisions.customer_name, decisions.customer_text) as customer_name,
    decisions.decision,
    concat_ws(' ', decisions.legal_entity_id, decisions.d365_customer_id, decisions.until_date)
        as about,
    concat_ws(', ', decisions.decided_by, decisions.decided_on, decisions.note) as said,
    decisions.effect,
    decisions.effect in ('in_force', 'ended') as is_fine
from worklist.onboarding_decision_effects as decisions
order by is_fine, decisions.decided_on desc nulls last, customer_name, about
