-- Grain: one card and as-of date. What the card said on that day, for ever: the previous window and
-- the trend read it. What earlier builds have published (source memory), and the rows of this run
-- that may be written (macro replaces_remembered); a value never gives way to none.
with

measurements as (
    select * from {{ ref('card_measurements') }}
),

remembered as (
    select * from {{ source('memory', 'card_history') }}
),

new_rows as (
    select
        card_id,
        as_of_date,
        as_of_at,
        card_condition,
        value,
        b2b_value,
        dtc_value,
        reporting_value,
        {{ run_at() }} as measured_at,
        as_of_date < {{ run_date() }} as is_backfilled,
        {{ is_whole_day() }} as is_whole_day,
        unrated_values,
        entity_values
    from measurements
),

written as (
    select new_rows.*
    from new_rows
    left join remembered
        on new_rows.card_id = remembered.card_id
        and new_rows.as_of_date = remembered.as_of_date
    where remembered.card_id is null
        or (
            (new_rows.value is not null or remembered.value is null)
            and {{ replaces_remembered('new_rows', 'remembered') }}
        )
),

kept as (
    select remembered.*
    from remembered
    left join written
        on remembered.card_id = written.card_id
        and remembered.as_of_date = written.as_of_date
    where written.card_id is null
)

select * from kept
union all
select * from written
