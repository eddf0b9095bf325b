-- what a reason has behind its colon is about one column or record
select
    split_part(reason, ':', 1) as reason, count(*) as value_count,
    sum(count(*)) over () as total_count
from worklist.rejected_records
group by 1
order by value_count desc, reason
limit 12
