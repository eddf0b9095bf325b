-- What: the value of a card is the number of distinct rows that it counts, and of nothing twice.
-- When it matters: always. A fan-out in a card's joins is a wrong number on the wall.
-- How to fix: find the row_key that card_rows holds twice for the card.
with

card_values as (
    select * from {{ ref('card_values') }}
    where state in ('ok', 'alert')
),

counted as (
    select
        card_id,
        count(distinct row_key) as row_count
    from {{ ref('card_rows') }}
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
