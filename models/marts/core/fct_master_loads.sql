-- Grain: one legal entity and load of its customer master: how many rows it had, and whether it was
-- good (not empty, and not more than max_master_shrink_pct smaller than the last good load). Kept
-- for ever: the guard compares with it.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['legal_entity_id', 'load_id'],
    on_schema_change='append_new_columns',
    full_refresh=false,
) }}
with

masters as (
    select * from {{ ref('int_master_loads_counted') }}
    where load_id is not null
),

{% if is_incremental() %}
earlier_loads as (
    select
        history.legal_entity_id,
        history.row_count,
        row_number() over (
            partition by history.legal_entity_id order by history.checked_at desc,
            history.load_id desc
        ) as load_rank
    from {{ this }} as history
    inner join masters
        on history.legal_entity_id = masters.legal_entity_id
        and history.load_id != masters.load_id
    where history.is_good
),
{% else %}
earlier_loads as (
    select
        legal_entity_id,
        cast(null as bigint) as row_count,
        1 as load_rank
    from masters
),
{% endif %}

compared as (
    select
        masters.legal_entity_id,
        masters.load_id,
        masters.row_count,
        earlier_loads.row_count as previous_good_row_count
    from masters
    left join earlier_loads
        on masters.legal_entity_id = earlier_loads.legal_entity_id
        and earlier_loads.load_rank = 1
)

select
    cast(legal_entity_id as string) as legal_entity_id,
    cast(load_id as string) as load_id,
    cast(row_count as bigint) as row_count,
    cast(previous_good_row_count as bigint) as previous_good_row_count,
    row_count > 0 and (
        previous_good_row_count is null
        or {{ var('accept_master_shrink') }}
        or row_count * 100 >= previous_good_row_count * (100 - {{ var('max_master_shrink_pct') }})
    ) as is_good,
    {{ run_at() }} as checked_at
from compared
