select
    reason,
    effect,
    count(*) as customer_count
from worklist.onboarding_reconciliation
group by reason, effect
order by effect
