-- Grain: one opening that came onto the worklist or left it between the preceding as-of date of the
-- history and this one. No rows when the headline is not measurable at this as-of.
with

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
        and is_measurable
),

history as (
    select * from {{ source('memory', 'onboarding_history') }}
),

openings as (
    select * from {{ ref('onboarding_openings') }}
),

dates as (
    select
        cards.as_of_date,
        cards.window_start_at,
        max(history.as_of_date) as preceding_as_of_date
    from cards
    left join history
        on history.as_of_date < cards.as_of_date
    group by cards.as_of_date, cards.window_start_at
),

judged as (
    select
        dates.as_of_date,
        dates.preceding_as_of_date,
        openings.*,
        case
            when openings.cleared_date = dates.as_of_date then 'cleared'
            when openings.is_listed and openings.previously_seen_date is null
                then case
                    when openings.is_split then 'split'
                    when openings.is_reopened then 'reopened'
                    else 'new'
                end
            when openings.is_listed
                then case when openings.previously_seen_date < dates.preceding_as_of_date
                    then 'returned' end
            when openings.last_seen_date < dates.preceding_as_of_date then null
            when openings.merged_date = dates.as_of_date then 'merged'
            when openings.status != 'absent' then null
            when openings.last_order_at >= dates.window_start_at
                then case when openings.is_redirected then 'redirected' else 'cancelled' end
            else 'out_of_window'
        end as change
    from dates
    cross join openings
)

select
    as_of_date,
    preceding_as_of_date,
    opening_id,
    worklist_key,
    customer_id,
    destination_key,
    expected_legal_entity_id,
    cast(change as string) as change,
    cleared_by,
    first_seen_date,
    days_open,
    primary_reason,
    blocked_value_reporting
from judged
where change is not null
