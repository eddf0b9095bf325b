-- What: the combination of all key types gives the customers and blocked value of the headline
-- card, and removing keys never lowers them.
-- When it matters: always. Key sensitivity must agree with the headline.
-- How to fix: compare int_key_combinations (is_headline) with fct_customer_presence.
with

combinations as (
    select * from {{ ref('onboarding_key_sensitivity') }}
),

measurements as (
    select * from {{ ref('card_values') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
)

select
    combinations.key_types,
    combinations.absent_customer_count,
    measurements.value as headline_value,
    combinations.blocked_value_reporting,
    measurements.reporting_value as headline_reporting_value
from combinations
cross join measurements
where (
    combinations.is_headline
    and (
        coalesce(combinations.absent_customer_count, -1) != coalesce(measurements.value, -1)
        or coalesce(combinations.blocked_value_reporting, -1)
            != coalesce(measurements.reporting_value, -1)
    )
)
    or combinations.absent_customer_count < measurements.value
