-- Grain: one card and as-of date. What the card said on that day, for ever: the previous window and
-- the trend read it. A row measured on its own day is replaced only on that day, or by an explicit
-- backfill; a row with a value never by one without.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['card_id', 'as_of_date'],
    on_schema_change='append_new_columns',
    full_refresh=false,
) }}
with

measurements as (
    select * from {{ ref('card_measurements') }}
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
        as_of_date < {{ run_date() }} as is_backfilled
    from measurements
)

select
    new_rows.card_id,
    new_rows.as_of_date,
    new_rows.as_of_at,
    new_rows.card_condition,
    new_rows.value,
    new_rows.b2b_value,
    new_rows.dtc_value,
    new_rows.reporting_value,
    new_rows.measured_at,
    new_rows.is_backfilled
from new_rows
{% if is_incremental() %}
where not exists (
    select 1 from {{ this }} as history
    where history.card_id = new_rows.card_id
        and history.as_of_date = new_rows.as_of_date
        and (
            (history.value is not null and new_rows.value is null)
            or (not history.is_backfilled and new_rows.is_backfilled and not {{ var('backfill') }})
        )
)
{% endif %}
