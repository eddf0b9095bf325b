-- Grain: one enabled card at this as-of: what it measures now, before thresholds and history. Value
-- NULL when the card's data is missing or not available.
with

cards as (
    select * from {{ ref('dim_cards') }}
    where is_enabled
),

rows_counted as (
    select * from {{ ref('card_metric_rows') }}
    where row_key is not null
),

measured as (
    select
        card_id,
        count(*) as value,
        count(case when segment_code = 'B2B' then 1 end) as b2b_value,
        count(case when segment_code = 'DTC' then 1 end) as dtc_value,
        sum(value_reporting) as reporting_value,
        max(value_reporting) as largest_value,
        count(case when is_in_dataverse then 1 end) as also_in_dataverse_value,
        count(case when is_alerting then 1 end) as alerting_value
    from rows_counted
    group by card_id
),

conditioned as (
    select
        cards.card_id,
        cards.as_of_date,
        cards.as_of_at,
        cards.card_condition,
        cards.has_segments,
        cards.has_reporting_value,
        cards.is_measurable,
        -- only the cards of absent customers know it
        cards.unit = 'customers' and cards.has_reporting_value and cards.is_dataverse_loaded
            as has_dataverse_value,
        measured.value,
        measured.b2b_value,
        measured.dtc_value,
        measured.reporting_value,
        measured.largest_value,
        measured.also_in_dataverse_value,
        measured.alerting_value
    from cards
    left join measured
        on cards.card_id = measured.card_id
)

select
    card_id,
    as_of_date,
    as_of_at,
    card_condition,
    cast(case when is_measurable then coalesce(value, 0) end as bigint) as value,
    cast(case when is_measurable and has_segments then coalesce(b2b_value, 0) end as bigint)
        as b2b_value,
    cast(case when is_measurable and has_segments then coalesce(dtc_value, 0) end as bigint)
        as dtc_value,
    cast(case when is_measurable and has_reporting_value
        then coalesce(reporting_value, 0) end as decimal(18, 2))
        as reporting_value,
    cast(case when is_measurable and has_reporting_value
        then coalesce(largest_value, 0) end as decimal(18, 2))
        as largest_customer_value,
    cast(case when is_measurable and has_dataverse_value
        then coalesce(also_in_dataverse_value, 0) end as bigint)
        as also_in_dataverse_value,
    cast(case when is_measurable then coalesce(alerting_value, 0) end as bigint) as alerting_value
from conditioned
