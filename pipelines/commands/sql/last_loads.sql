select
    source,
    instance,
    resource,
    max_by(
        outcome || case when outcome = 'loaded' and not is_whole then ' (changes)' else '' end,
        load_id
    ) as outcome,
    max_by(row_count, load_id) as row_count,
    max(extracted_at) filter (where outcome in ('loaded', 'unchanged')) as extracted_at,
    max_by(message, load_id) filter (where outcome in ('failed', 'kept_old')) as message
from raw_load.resource_loads
group by all
order by all
