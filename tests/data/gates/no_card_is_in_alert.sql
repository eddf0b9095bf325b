-- What: no card is above its threshold.
-- When it matters: always; var alert_severity decides between warning and error.
-- How to fix: work through the rows of the card; thresholds are in seeds/cards/card_registry.csv.
{{ config(severity=var('alert_severity')) }}
with

card_values as (
    select * from {{ ref('card_values') }}
    where state = 'alert'
)

select
    card_id,
    title,
    value,
    threshold,
    as_of_date,
    trace_id
from card_values
