-- Grain: one row. The look-back of this run: the largest window plus the largest grace of all
-- cards.
with

windows as (
    select * from {{ ref('stg_cards__windows') }}
),

longest as (
    select
        max(coalesce(window_days, 1)) as window_days,
        max(grace_days) as grace_days,
        max(as_of_at) as look_back_end_at,
        max(as_of_date) as as_of_date
    from windows
)

select
    cast(window_days + grace_days as int) as look_back_days,
    {{ local_midnight(
        days_before('as_of_date', 'window_days - 1 + grace_days'), var('reporting_timezone')
    ) }} as look_back_start_at,
    look_back_end_at
from longest
