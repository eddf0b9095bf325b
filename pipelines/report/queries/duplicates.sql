select customer_name, other_customer_name, shared, count(*) over () as total
from worklist.onboarding_duplicate_candidates
order by shared_count desc, customer_name, other_customer_name
limit $shown
