-- Each reason with the largest value of any, the whole length of a bar.
select
    primary_reason as label,
    count(*) as item_count,
    sum(blocked_value_reporting) as value,
    count(*) filter (where is_rate_missing) as unrated_count,
    max(sum(blocked_value_reporting)) over () as largest_value
from worklist.onboarding_worklist
group by all
order by value desc nulls last, label
