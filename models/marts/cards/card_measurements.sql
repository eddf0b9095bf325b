-- Grain: one enabled card at this as-of: what it measures now, before thresholds and history. Value NULL when the card's
-- data is missing or not available.
with

cards as (
    select * from {{ ref('dim_cards') }}
    where is_enabled
),

headline as (
    select * from {{ ref('card_ecom_customers_absent_from_d365_customer_master') }}
),

twin as (
    select * from {{ ref('card_ecom_customers_absent_from_d365') }}
),

counted as (
    select 'ecom_customers_absent_from_d365_customer_master' as card_id, * from headline
    union all
    select 'ecom_customers_absent_from_d365' as card_id, * from twin
),

measured as (
    select
        card_id,
        count(*) as value,
        count(case when segment_code = 'B2B' then 1 end) as b2b_value,
        count(case when segment_code = 'DTC' then 1 end) as dtc_value,
        sum(blocked_value_reporting) as reporting_value,
        max(blocked_value_reporting) as largest_customer_value,
        count(case when is_in_dataverse then 1 end) as also_in_dataverse_value
    from counted
    group by card_id
)

select
    cards.card_id,
    cards.as_of_date,
    cards.as_of_at,
    cards.card_condition,
    cast(case when cards.card_condition = 'measurable' then coalesce(measured.value, 0) end as bigint) as value,
    cast(case when cards.card_condition = 'measurable' then coalesce(measured.b2b_value, 0) end as bigint)
        as b2b_value,
    cast(case when cards.card_condition = 'measurable' then coalesce(measured.dtc_value, 0) end as bigint)
        as dtc_value,
    cast(case when cards.card_condition = 'measurable' then coalesce(measured.reporting_value, 0) end as decimal(18, 2))
        as reporting_value,
    cast(case when cards.card_condition = 'measurable' then coalesce(measured.largest_customer_value, 0) end as decimal(18, 2))
        as largest_customer_value,
    cast(case when cards.card_condition = 'measurable' then coalesce(measured.also_in_dataverse_value, 0) end as bigint)
        as also_in_dataverse_value
from cards
left join measured
    on cards.card_id = measured.card_id
