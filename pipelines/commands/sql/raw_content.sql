select source, instance, resource, max(load_id) filter (where outcome = 'loaded'),
    max_by(outcome, load_id) filter (where outcome <> 'unchanged')
from raw_load.resource_loads group by all order by all
