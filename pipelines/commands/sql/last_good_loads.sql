select source, instance, resource, max(extracted_at)
from raw_load.resource_loads
where outcome in ('loaded', 'unchanged')
group by all
