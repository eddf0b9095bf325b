select counted_by, count(*) as customer_count
from worklist.onboarding_headline_vs_twin
group by all
