-- The buckets of the list's days open.
select
    replace(buckets.label, '-', '–') as label,
    count(distinct worklist.customer_id) as item_count,
    case when count(worklist.customer_id) = 0 then 0 else sum(worklist.blocked_value_reporting) end
        as value,
    count(distinct worklist.customer_id) filter (where worklist.is_rate_missing) as unrated_count
from (
    values (1, '0-1 days'), (2, '2-3 days'), (3, '4-7 days'), (4, '8-30 days'), (5, 'over 30 days')
) as buckets (place, label)
left join worklist.onboarding_worklist as worklist
    on buckets.label = worklist.aging_bucket
group by buckets.place, buckets.label
having buckets.place < 5 or count(worklist.customer_id) > 0
order by buckets.place
