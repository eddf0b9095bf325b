-- Grain: one calendar date, 2020 to 2039. The time spine of the metrics, and a date table for BI.
with

days as (
    {{ dbt.date_spine('day', "cast('2020-01-01' as date)", "cast('2040-01-01' as date)") }}
)

select
    cast(date_day as date) as calendar_date,
    cast(date_trunc('week', date_day) as date) as week_start_date,
    cast(date_trunc('month', date_day) as date) as month_start_date
from days
