-- What: a customer that only the headline has (or another count has twice) is on the worklist, one
-- that only another count has is not. Rows of effect not_loaded have no customer.
-- When it matters: always. A wrong effect reverses the reconciliation.
-- How to fix: look the customer up in fct_customer_presence and onboarding_count_differences.
with

reconciliation as (
    select * from {{ ref('onboarding_reconciliation') }}
),

worklist as (
    select distinct customer_id from {{ ref('onboarding_worklist') }}
)

select
    reconciliation.reason,
    reconciliation.effect,
    reconciliation.party_key
from reconciliation
left join worklist
    on reconciliation.customer_id = worklist.customer_id
where reconciliation.effect != 'not_loaded'
    and (reconciliation.effect = 'only_other') != (worklist.customer_id is null)
