-- What: B2B + DTC = total for every card with segments.
-- When it matters: always. A customer without a segment would only be in the total.
-- How to fix: find the row of card_metric_rows whose segment_code is neither B2B nor DTC.
with

card_values as (
    select * from {{ ref('card_values') }}
    where b2b_value is not null or dtc_value is not null
)

select
    card_id,
    value,
    b2b_value,
    dtc_value
from card_values
where value is distinct from b2b_value + dtc_value
