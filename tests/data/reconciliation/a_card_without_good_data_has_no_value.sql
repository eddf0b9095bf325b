-- What: a card in missing_data or not_available has no value, every other card has one.
-- When it matters: a customer master is empty, shrunk or stale. A zero would read as "no one is
-- missing".
-- How to fix: see state_reason of the card; the value must come only from card_measurements.
with

card_values as (
    select * from {{ ref('card_values') }}
)

select
    card_id,
    state,
    value,
    b2b_value,
    dtc_value,
    reporting_value
from card_values
where (state in ('ok', 'alert') and value is null)
    or (
        state in ('missing_data', 'not_available')
        and coalesce(value, b2b_value, dtc_value, cast(reporting_value as bigint)) is not null
    )
    or state not in ('ok', 'alert', 'missing_data', 'not_available')
