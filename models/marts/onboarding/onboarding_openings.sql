-- Grain: one opening of a customer and expected destination: from the first as-of date that lists
-- it as absent until the date that sees it in D365. Absent again after that is a further opening; a
-- pause without orders in the window is none.
with

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
),

history as (
    select * from {{ ref('onboarding_history') }}
    where status in ('absent', 'cleared')
),

preceded as (
    select
        history.*,
        cards.as_of_date as today,
        lag(history.status) over (
            partition by history.worklist_key order by history.as_of_date asc
        ) as preceding_status
    from history
    inner join cards
        on history.as_of_date <= cards.as_of_date
),

numbered as (
    select
        *,
        sum(
            case
                when status = 'absent' and coalesce(preceding_status, 'cleared') = 'cleared' then 1
                else 0
            end
        ) over (
            partition by worklist_key order by as_of_date asc
            rows between unbounded preceding and current row
        ) as opening_number
    from preceded
),

openings as (
    select
        worklist_key,
        customer_id,
        destination_key,
        today,
        opening_number,
        min(as_of_date) as first_seen_date,
        max(case when status = 'absent' then as_of_date end) as last_seen_date,
        max(case when status = 'absent' and as_of_date < today then as_of_date end)
            as previously_seen_date,
        max(case when status = 'cleared' then as_of_date end) as cleared_date,
        coalesce(
            max(case when status = 'cleared' then as_of_date end),
            max(case when status = 'absent' then as_of_date end)
        ) as last_day,
        max(cleared_by) as cleared_by
    from numbered
    group by worklist_key, customer_id, destination_key, today, opening_number
),

aged as (
    select
        *,
        cast({{ dbt.datediff('first_seen_date', 'last_day', 'day') }} as int) as days_open  -- noqa: LT05
    from openings
)

select
    worklist_key,
    customer_id,
    destination_key,
    cast(opening_number as int) as opening_number,
    opening_number > 1 as is_reopened,
    first_seen_date,
    last_seen_date,
    previously_seen_date,
    cleared_date,
    cast(cleared_by as string) as cleared_by,
    coalesce(last_seen_date = today, false) as is_listed,
    days_open,
    cast(
        case
            when days_open <= 1 then '0-1 days'
            when days_open <= 3 then '2-3 days'
            when days_open <= 7 then '4-7 days'
            when days_open <= 30 then '8-30 days'
            else 'over 30 days'
        end as string
    ) as aging_bucket
from aged
