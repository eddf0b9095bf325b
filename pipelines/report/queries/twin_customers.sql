select
    counted_by, customer_name, segment_code, cause, d365_customer_ids,
    coalesce(headline_blocked_value_reporting, twin_blocked_value_reporting) as value
from worklist.onboarding_headline_vs_twin
where counted_by <> 'both'
order by value desc nulls last, customer_name, customer_id
limit $shown
