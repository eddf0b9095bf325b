-- Grain: one source of which some resource was ever loaded (also empty, unchanged or kept).
with

resource_loads as (
    select * from {{ ref('stg_load__resource_loads') }}
)

select
    source_name,
    max(loaded_at) as last_loaded_at
from resource_loads
where outcome in ('loaded', 'unchanged', 'kept_old')
group by source_name
