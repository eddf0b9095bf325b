-- Grain: one primary reason and segment: what to do about the absent customer, who does it, and
-- whether it means to create a D365 customer.
with

actions as (
    select * from {{ ref('onboarding_actions') }}
)

select
    cast(primary_reason as string) as primary_reason,
    cast(segment_code as string) as segment_code,
    cast(reason_order as int) as reason_order,
    cast(owner as string) as owner,
    cast(suggested_action as string) as suggested_action,
    creates_customer
from actions
