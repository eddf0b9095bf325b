-- Grain: one legal entity: may the cards subtract its customer master? guard_state is ok,
-- not_configured, empty, shrunk, rejected or stale (stale only when the as-of date is today).
with

masters as (
    select * from {{ ref('int_master_loads_counted') }}
),

master_loads as (
    select * from {{ ref('fct_master_loads') }}
),

-- a load that was published once was accepted with its rejects
published as (
    select legal_entity_id, load_id, row_count
    from {{ source('memory', 'master_loads') }}
    where is_good
),

compared as (
    select
        masters.*,
        master_loads.previous_good_row_count,
        coalesce(master_loads.is_good, false) as is_good,
        masters.rejected_row_count * 100
            > masters.file_row_count * {{ var('max_master_shrink_pct') }}
        and published.load_id is null
        and not {{ var('accept_master_shrink') }} as has_too_many_rejects
    from masters
    left join master_loads
        on masters.legal_entity_id = master_loads.legal_entity_id
        and masters.load_id = master_loads.load_id
    left join published
        on masters.legal_entity_id = published.legal_entity_id
        and masters.load_id = published.load_id
        and masters.row_count = published.row_count
),

judged as (
    select
        *,
        case
            when not is_loaded then 'not_configured'
            when row_count = 0 then 'empty'
            when not is_good then 'shrunk'
            when has_too_many_rejects then 'rejected'
            when {{ as_of_date() }} = {{ run_date() }}
                and delivered_at < {{ run_at() }} - interval {{ var('max_master_age_hours') }} hours
                then 'stale'
            else 'ok'
        end as guard_state,
        'the customer master of '
            || coalesce(customer_master_legal_entity_id, legal_entity_id) as master,
        {{ minute_text('delivered_at') }} as delivered_text
    from compared
)

select
    cast(legal_entity_id as string) as legal_entity_id,
    cast(source_name as string) as source_name,
    cast(guard_state as string) as guard_state,
    cast(
        case guard_state
            when 'empty' then master || ' is empty: load its customers, and compare its erp_code'
                || ' in field_map_legal_entities'
            when 'shrunk' then master || ' has shrunk from '
                || cast(previous_good_row_count as string) || ' to ' || cast(row_count as string)
                || ' customers: load it whole, or, if the smaller one is right, run once with'
                || ' accept_master_shrink: true'
            when 'rejected' then cast(rejected_row_count as string) || ' of '
                || cast(file_row_count as string) || ' records of ' || master
                || ' were rejected: see rejected_records, correct the file and load it again'
            when 'stale' then master || ' was last delivered on ' || delivered_text
                || ': deliver a newer file of its customers, or raise max_master_age_hours'
        end as string
    ) as guard_reason,
    cast(row_count as bigint) as row_count,
    cast(previous_good_row_count as bigint) as previous_good_row_count,
    cast(rejected_row_count as bigint) as rejected_row_count,
    cast(delivered_at as timestamp) as read_at,
    cast(load_id as string) as load_id
from judged
