-- Largest first; the page shows some of each reason and effect, and the total.
select
    reason, effect, customer_name, segment_code, detail, blocked_value_reporting, unrated_values
from worklist.onboarding_reconciliation
qualify row_number() over (
    partition by reason, effect
    order by blocked_value_reporting desc nulls last, customer_name, party_key
) <= $shown
order by blocked_value_reporting desc nulls last, customer_name, party_key
