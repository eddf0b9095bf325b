select source_name, resource_name, column_name, reason, count(*) as value_count
from worklist.rejected_records
group by all
order by value_count desc, source_name, resource_name, column_name, reason
limit 50
