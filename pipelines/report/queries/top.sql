select
    customer_id,
    min(worklist_rank) as first_rank,
    any_value(customer_name) as label,
    any_value(segment_code) as segment_code,
    sum(blocked_value_reporting) as value,
    bool_or(is_rate_missing) as is_rate_missing
from worklist.onboarding_worklist
group by customer_id
order by value desc nulls last, first_rank
limit $top
