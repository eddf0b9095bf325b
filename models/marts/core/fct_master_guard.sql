-- Grain: one legal entity: may the cards subtract its customer master? guard_state is ok,
-- not_configured, empty, shrunk or stale (stale only when the as-of date is today).
with

masters as (
    select * from {{ ref('int_master_loads_counted') }}
),

master_loads as (
    select * from {{ ref('fct_master_loads') }}
),

compared as (
    select
        masters.legal_entity_id,
        masters.source_name,
        masters.is_configured,
        masters.row_count,
        masters.load_id,
        coalesce(masters.extracted_at, masters.loaded_at) as read_at,
        master_loads.previous_good_row_count,
        coalesce(master_loads.is_good, false) as is_good
    from masters
    left join master_loads
        on masters.legal_entity_id = master_loads.legal_entity_id
        and masters.load_id = master_loads.load_id
)

select
    cast(legal_entity_id as string) as legal_entity_id,
    cast(source_name as string) as source_name,
    cast(
        case
            when not is_configured then 'not_configured'
            when row_count = 0 then 'empty'
            when not is_good then 'shrunk'
            when {{ as_of_date() }} = {{ run_date() }}
                and read_at < {{ run_at() }} - interval {{ var('max_master_age_hours') }} hours
                then 'stale'
            else 'ok'
        end as string
    ) as guard_state,
    cast(row_count as bigint) as row_count,
    cast(previous_good_row_count as bigint) as previous_good_row_count,
    cast(read_at as timestamp) as read_at,
    cast(load_id as string) as load_id
from compared
