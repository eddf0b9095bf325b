-- Grain: one combination of key types: what the headline would say if only these keys were
-- compared. Values are NULL when the headline has none (a customer master that is not good).
with

absences as (
    select * from {{ ref('onboarding_key_combinations') }}
),

combinations as (
    select distinct
        key_types,
        key_type_count,
        is_headline
    from absences
),

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
),

absent_customers as (
    select
        key_types,
        customer_id,
        max(segment_code) as segment_code,
        sum(open_value_reporting) as blocked_value
    from absences
    where customer_id is not null
    group by key_types, customer_id
),

counted as (
    select
        key_types,
        count(*) as customer_count,
        count(case when segment_code = 'B2B' then 1 end) as b2b_count,
        count(case when segment_code = 'DTC' then 1 end) as dtc_count,
        sum(blocked_value) as blocked_value
    from absent_customers
    group by key_types
),

unrated as (
    {{ added_per_currency('absences', 'key_types', 'unrated_values', 'unrated_values') }}
),

measured as (
    select
        combinations.*,
        coalesce(counted.customer_count, 0) as customer_count,
        coalesce(counted.b2b_count, 0) as b2b_count,
        coalesce(counted.dtc_count, 0) as dtc_count,
        case when counted.key_types is null then 0 else counted.blocked_value end as blocked_value,
        unrated.unrated_values,
        cards.is_measurable
    from combinations
    cross join cards
    left join counted
        on combinations.key_types = counted.key_types
    left join unrated
        on combinations.key_types = unrated.key_types
)

select
    cast(key_types as string) as key_types,
    cast(key_type_count as int) as key_type_count,
    is_headline,
    cast(case when is_measurable then customer_count end as bigint) as absent_customer_count,
    cast(case when is_measurable then b2b_count end as bigint) as b2b_customer_count,
    cast(case when is_measurable then dtc_count end as bigint) as dtc_customer_count,
    cast(case when is_measurable then blocked_value end as decimal(18, 2))
        as blocked_value_reporting,
    cast(case when is_measurable then unrated_values end as string) as unrated_values,
    cast('{{ var("reporting_currency") }}' as string) as reporting_currency_code,
    cast(
        case
            when is_measurable
                then customer_count - max(case when is_headline then customer_count end) over ()
        end as bigint
    ) as difference_to_headline
from measured
