-- Grain: one customer and expected destination that came onto the worklist or left it between the
-- preceding as-of date of the history and this one. No rows when this as-of date was not measured.
with

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
),

history as (
    select * from {{ ref('onboarding_history') }}
),

openings as (
    select * from {{ ref('onboarding_openings') }}
),

dates as (
    select
        cards.as_of_date,
        max(case when history.as_of_date < cards.as_of_date then history.as_of_date end)
            as preceding_as_of_date
    from cards
    inner join history
        on history.as_of_date <= cards.as_of_date
    group by cards.as_of_date
    having max(history.as_of_date) = cards.as_of_date
),

judged as (
    select
        dates.as_of_date,
        dates.preceding_as_of_date,
        openings.*,
        case
            when openings.cleared_date = dates.as_of_date then 'cleared'
            when openings.is_listed and openings.previously_seen_date is null
                then case when openings.is_reopened then 'reopened' else 'new' end
            when openings.is_listed and openings.previously_seen_date < dates.preceding_as_of_date
                then 'returned'
            when not openings.is_listed
                and openings.cleared_date is null
                and openings.last_seen_date = dates.preceding_as_of_date then 'out_of_window'
        end as change
    from dates
    cross join openings
)

select
    judged.as_of_date,
    judged.preceding_as_of_date,
    judged.worklist_key,
    judged.customer_id,
    judged.destination_key,
    history.expected_legal_entity_id,
    cast(judged.change as string) as change,
    judged.cleared_by,
    judged.first_seen_date,
    judged.days_open,
    history.primary_reason,
    history.blocked_value_reporting
from judged
inner join history
    on judged.worklist_key = history.worklist_key
    and history.as_of_date = case
        when judged.change = 'out_of_window' then judged.preceding_as_of_date
        else judged.as_of_date
    end
where judged.change is not null
