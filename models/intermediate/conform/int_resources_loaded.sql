-- Grain: one resource of one instance that a load ever tried: was it loaded (an empty table is
-- loaded, a failed load is none), when was it last delivered, did the newest load fail?
with

resource_loads as (
    select * from {{ ref('stg_load__resource_loads') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by source_name, lower(instance), resource_name
            order by loaded_at desc, load_id desc
        ) as load_rank
    from resource_loads
)

select
    source_name,
    lower(instance) as instance,
    resource_name,
    bool_or(outcome in ('loaded', 'unchanged', 'kept_old')) as is_loaded,
    bool_or(load_rank = 1 and outcome = 'failed') as is_refused,
    max(case when outcome in ('loaded', 'unchanged') then coalesce(extracted_at, loaded_at) end)
        as delivered_at
from ranked
group by source_name, lower(instance), resource_name
