-- What changed since the day before in the history of the list; a customer counts once in a row.
with changed as (
    select
        as_of_date, preceding_as_of_date, customer_id, blocked_value_reporting as value,
        case
            when change in ('new', 'reopened', 'returned') then 'new'
            when change = 'cleared' then 'solved'
            else 'gone'
        end as change
    from worklist.onboarding_changes
    where change not in ('split', 'merged')
),

dates as (
    select cards.as_of_date, max(before.as_of_date) as preceding_as_of_date
    from (select max(as_of_date) as as_of_date from cards.card_values) as cards
    left join worklist.onboarding_history as before
        on before.as_of_date < cards.as_of_date
    group by cards.as_of_date
),

grown as (
    select
        today.as_of_date, dates.preceding_as_of_date, today.customer_id,
        today.blocked_value_reporting - before.blocked_value_reporting as value, 'grown' as change
    from dates
    inner join worklist.onboarding_history as today
        on dates.as_of_date = today.as_of_date and today.status = 'absent'
    inner join worklist.onboarding_history as before
        on dates.preceding_as_of_date = before.as_of_date and before.status = 'absent'
        and today.opening_id = before.opening_id
    where today.blocked_value_reporting > before.blocked_value_reporting
)

select
    kinds.change,
    dates.preceding_as_of_date,
    count(distinct found.customer_id) as item_count,
    sum(found.value) as value,
    count(*) filter (where found.customer_id is not null and found.value is null) as unrated_count
from dates
cross join (values (1, 'new'), (2, 'solved'), (3, 'grown'), (4, 'gone')) as kinds (place, change)
left join (from changed union all by name from grown) as found
    on kinds.change = found.change
group by kinds.place, kinds.change, dates.preceding_as_of_date
order by kinds.place
