-- Grain: one way to convert an order currency into the reporting currency on an order date:
-- same, direct, inverse, cross (through the currency of a legal entity), dataverse (its current
-- rate, last resort).
with

orders as (
    select * from {{ ref('int_orders_classified') }}
    where is_active
),

dated_rates as (
    select * from {{ ref('int_exchange_rates_dated') }}
),

functional_currencies as (
    -- several entities may keep their books in one currency
    select distinct upper(trim(functional_currency_code)) as currency_code
    from {{ ref('field_map_legal_entities') }}
    where upper(trim(functional_currency_code)) != '{{ var("reporting_currency") }}'
),

currencies as (
    select currency_code, max(units_per_base) as units_per_base
    from {{ ref('stg_dataverse__currencies') }}
    where units_per_base > 0
    group by currency_code
),

needed as (
    select distinct order_date, order_currency_code
    from orders
    where order_currency_code is not null
),

candidates as (
    select
        needed.order_date,
        needed.order_currency_code,
        1 as method_rank,
        'same' as rate_method,
        '' as through_currency_code,
        cast(1 as decimal(20, 12)) as rate
    from needed
    where needed.order_currency_code = '{{ var("reporting_currency") }}'
    union all
    select
        needed.order_date,
        needed.order_currency_code,
        case when dated_rates.is_inverse then 3 else 2 end as method_rank,
        case when dated_rates.is_inverse then 'inverse' else 'direct' end as rate_method,
        '' as through_currency_code,
        dated_rates.rate
    from needed
    inner join dated_rates
        on needed.order_date = dated_rates.order_date
        and needed.order_currency_code = dated_rates.from_currency_code
        and dated_rates.to_currency_code = '{{ var("reporting_currency") }}'
    union all
    select
        needed.order_date,
        needed.order_currency_code,
        4 as method_rank,
        'cross' as rate_method,
        first_leg.to_currency_code as through_currency_code,
        try_cast(
            cast(first_leg.rate as double) * cast(second_leg.rate as double) as decimal(20, 12)
        ) as rate
    from needed
    inner join dated_rates as first_leg
        on needed.order_date = first_leg.order_date
        and needed.order_currency_code = first_leg.from_currency_code
    inner join functional_currencies
        on first_leg.to_currency_code = functional_currencies.currency_code
    inner join dated_rates as second_leg
        on first_leg.order_date = second_leg.order_date
        and first_leg.to_currency_code = second_leg.from_currency_code
        and second_leg.to_currency_code = '{{ var("reporting_currency") }}'
    union all
    select
        needed.order_date,
        needed.order_currency_code,
        5 as method_rank,
        'dataverse' as rate_method,
        '' as through_currency_code,
        try_cast(
            reporting.units_per_base / order_currencies.units_per_base as decimal(20, 12)
        ) as rate
    from needed
    inner join currencies as order_currencies
        on needed.order_currency_code = order_currencies.currency_code
    inner join currencies as reporting
        on reporting.currency_code = '{{ var("reporting_currency") }}'
)

select
    order_date,
    order_currency_code,
    method_rank,
    rate_method,
    through_currency_code,
    rate
from candidates
