-- What: the failed runs of card_flow_health equal the value of the flow card.
-- When it matters: always. The page shows both numbers.
-- How to fix: compare card_power_automate_flow_failures with card_values; one of them has an extra
-- filter.
with

health as (
    select * from {{ ref('card_flow_health') }}
),

card_values as (
    select * from {{ ref('card_values') }}
    where card_id = 'power_automate_flow_failures'
)

select
    card_values.as_of_date,
    card_values.value,
    health.failed_run_count
from card_values
inner join health
    on card_values.as_of_date = health.as_of_date
where card_values.value is distinct from health.failed_run_count
