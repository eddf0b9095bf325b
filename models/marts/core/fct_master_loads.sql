-- Grain: one legal entity and load of its customer master: how many rows it had, and whether it was
-- good (not empty, and not more than max_master_shrink_pct smaller than the last good load). Kept
-- for ever, once it is published (source memory): the guard compares with it. A load that was
-- published as good, or accepted, stays good while its rows are the same.
with

masters as (
    select * from {{ ref('int_master_loads_counted') }}
    where load_id is not null
),

remembered as (
    select * from {{ source('memory', 'master_loads') }}
),

earlier_loads as (
    select
        remembered.legal_entity_id,
        remembered.row_count,
        row_number() over (
            partition by remembered.legal_entity_id
            order by remembered.checked_at desc, remembered.load_id desc
        ) as load_rank
    from remembered
    inner join masters
        on remembered.legal_entity_id = masters.legal_entity_id
        and remembered.load_id != masters.load_id
    where remembered.is_good
),

compared as (
    select
        masters.legal_entity_id,
        masters.load_id,
        masters.row_count,
        earlier_loads.row_count as previous_good_row_count,
        coalesce(remembered.is_good and remembered.row_count = masters.row_count, false)
            as was_good
    from masters
    left join earlier_loads
        on masters.legal_entity_id = earlier_loads.legal_entity_id
        and earlier_loads.load_rank = 1
    left join remembered
        on masters.legal_entity_id = remembered.legal_entity_id
        and masters.load_id = remembered.load_id
),

judged as (
    select
        legal_entity_id,
        load_id,
        row_count,
        previous_good_row_count,
        row_count > 0 and (
            previous_good_row_count is null
            or was_good
            or {{ var('accept_master_shrink') }}
            or row_count * 100
            >= previous_good_row_count * (100 - {{ var('max_master_shrink_pct') }})
        ) as is_good,
        {{ run_at() }} as checked_at
    from compared
),

kept as (
    select remembered.*
    from remembered
    left join masters
        on remembered.legal_entity_id = masters.legal_entity_id
        and remembered.load_id = masters.load_id
    where masters.load_id is null
),

loads as (
    select * from kept
    union all
    select * from judged
)

select
    cast(legal_entity_id as string) as legal_entity_id,
    cast(load_id as string) as load_id,
    cast(row_count as bigint) as row_count,
    cast(previous_good_row_count as bigint) as previous_good_row_count,
    is_good,
    checked_at
from loads
