-- Grain: one as-of date and opening that the date listed (absent), or that ended on it: now in D365
-- (cleared), or one with another listed customer (merged). A date with neither has one row without
-- a customer (nobody). What earlier builds have published (source memory), and the rows of this run
-- where they may be written (macro replaces_remembered); a date on which the headline is not
-- measurable writes nothing.
with

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
        and is_measurable
),

openings as (
    select * from {{ ref('onboarding_openings') }}
),

remembered as (
    select * from {{ source('memory', 'onboarding_history') }}
),

remembered_dates as (
    select distinct as_of_date, as_of_at, measured_at, is_backfilled, is_whole_day
    from remembered
),

dates as (
    select
        as_of_date,
        as_of_at,
        {{ run_at() }} as measured_at,
        as_of_date < {{ run_date() }} as is_backfilled,
        {{ is_whole_day() }} as is_whole_day
    from cards
),

written_dates as (
    select dates.*
    from dates
    left join remembered_dates
        on dates.as_of_date = remembered_dates.as_of_date
    where remembered_dates.as_of_date is null
        or {{ replaces_remembered('dates', 'remembered_dates') }}
),

history as (
    select
        written_dates.as_of_date,
        written_dates.as_of_at,
        coalesce(openings.worklist_key, '(nobody)') as worklist_key,
        openings.customer_id,
        openings.destination_key,
        openings.expected_legal_entity_id,
        coalesce(openings.status, 'nobody') as status,
        openings.cleared_by,
        openings.primary_reason,
        openings.blocked_value_reporting,
        openings.opening_id,
        openings.opening_number,
        openings.first_seen_date,
        openings.subject_ids,
        openings.order_ids,
        openings.last_order_at,
        written_dates.measured_at,
        written_dates.is_backfilled,
        written_dates.is_whole_day
    from written_dates
    left join openings
        on openings.is_listed
        or openings.cleared_date = written_dates.as_of_date
        or openings.merged_date = written_dates.as_of_date
    union all
    select remembered.*
    from remembered
    left join written_dates
        on remembered.as_of_date = written_dates.as_of_date
    where written_dates.as_of_date is null
)

select
    as_of_date,
    as_of_at,
    cast(worklist_key as string) as worklist_key,
    customer_id,
    destination_key,
    expected_legal_entity_id,
    cast(status as string) as status,
    cleared_by,
    primary_reason,
    blocked_value_reporting,
    opening_id,
    opening_number,
    first_seen_date,
    subject_ids,
    order_ids,
    last_order_at,
    measured_at,
    is_backfilled,
    is_whole_day
from history
