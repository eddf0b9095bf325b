-- What: a card whose state is missing_data or not_available has no value at all, and any other card
-- has one.
-- When it matters: when a customer master is empty, shrunk or stale. A zero there would read as
-- "nobody is missing".
-- How to fix: see state_reason of the card; the value must come from card_measurements only.
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
