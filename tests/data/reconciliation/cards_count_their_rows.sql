-- What: the value of a card is the number of its distinct rows.
-- When it matters: always. A fan-out in the joins of a card would inflate it.
-- How to fix: find the duplicate row_key in card_metric_rows.
with

card_values as (
    select * from {{ ref('card_values') }}
    where state in ('ok', 'alert')
),

counted as (
    select
        card_id,
        count(distinct row_key) as row_count
    from {{ ref('card_metric_rows') }}
    group by card_id
)

select
    card_values.card_id,
    card_values.value,
    counted.row_count
from card_values
left join counted
    on card_values.card_id = counted.card_id
where card_values.value is distinct from coalesce(counted.row_count, 0)
