-- Grain: one order date and order currency of the look-back, with the rate into the reporting
-- currency. Methods in order: same, direct, inverse, cross (through the currency of a legal
-- entity), dataverse (its current rate, last resort). Of the rates of a pair the latest on or
-- before the date applies, direct before inverse; of one day, the organisation that keeps the
-- reporting entity's customers first.
with

needed as (
    select distinct order_date, order_currency_code
    from ({{ platform_orders() }}) as orders
    where order_currency_code is not null
),

exchange_rates as (
    select * from {{ ref('int_exchange_rates_unioned') }}
),

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
),

reporting_organisations as (
    select distinct
        case when d365_customers.d365_system = 'fo' then 1 else 2 end as source_rank,
        d365_customers.instance
    from {{ ref('int_erp_parties') }} as d365_customers
    inner join legal_entities
        on d365_customers.legal_entity_id = legal_entities.legal_entity_id
    where legal_entities.is_reporting_entity
),

-- several entities may keep their books in one currency: method_order keeps one of their rates
functional_currencies as (
    select upper(trim(functional_currency_code)) as currency_code
    from legal_entities
    where upper(trim(functional_currency_code)) != '{{ var("reporting_currency") }}'
),

dataverse_currencies as (
    select currency_code, max(units_per_base) as units_per_base
    from {{ ref('stg_dataverse__currencies') }}
    where units_per_base > 0
    group by currency_code
),

ranked_by_date as (
    select
        order_dates.order_date,
        exchange_rates.from_currency_code,
        exchange_rates.to_currency_code,
        exchange_rates.is_inverse,
        exchange_rates.rate,
        row_number() over (
            partition by
                order_dates.order_date,
                exchange_rates.from_currency_code,
                exchange_rates.to_currency_code
            order by
                exchange_rates.is_inverse asc,
                exchange_rates.valid_from_date desc,
                reporting_organisations.instance is not null desc,
                exchange_rates.source_rank asc,
                exchange_rates.instance asc,
                exchange_rates.rate asc
        ) as rate_rank
    from (select distinct order_date from needed) as order_dates
    inner join exchange_rates
        on order_dates.order_date >= exchange_rates.valid_from_date
    left join reporting_organisations
        on exchange_rates.source_rank = reporting_organisations.source_rank
        and exchange_rates.instance = reporting_organisations.instance
),

dated_rates as (
    select * from ranked_by_date
    where rate_rank = 1
),

found as (
    select order_date, order_currency_code, 1 as method_rank, 'same' as rate_method,
        '' as through_currency_code, cast(1 as decimal(20, 12)) as rate
    from needed
    where order_currency_code = '{{ var("reporting_currency") }}'
    union all
    select order_date, from_currency_code, case when is_inverse then 3 else 2 end,
        case when is_inverse then 'inverse' else 'direct' end, '', rate
    from dated_rates
    where to_currency_code = '{{ var("reporting_currency") }}'
    union all
    select first_leg.order_date, first_leg.from_currency_code, 4, 'cross',
        first_leg.to_currency_code,
        try_cast(
            cast(first_leg.rate as double) * cast(second_leg.rate as double) as decimal(20, 12)
        )
    from dated_rates as first_leg
    inner join functional_currencies
        on first_leg.to_currency_code = functional_currencies.currency_code
    inner join dated_rates as second_leg
        on first_leg.order_date = second_leg.order_date
        and first_leg.to_currency_code = second_leg.from_currency_code
        and second_leg.to_currency_code = '{{ var("reporting_currency") }}'
    union all
    select needed.order_date, needed.order_currency_code, 5, 'dataverse', '',
        try_cast(
            reporting.units_per_base / order_currencies.units_per_base as decimal(20, 12)
        )
    from needed
    inner join dataverse_currencies as order_currencies
        on needed.order_currency_code = order_currencies.currency_code
    inner join dataverse_currencies as reporting
        on reporting.currency_code = '{{ var("reporting_currency") }}'
),

ranked as (
    select
        found.*,
        row_number() over (
            partition by found.order_date, found.order_currency_code
            order by found.method_rank asc, found.through_currency_code asc
        ) as method_order
    from found
    inner join needed
        on found.order_date = needed.order_date
        and found.order_currency_code = needed.order_currency_code
)

select
    order_date,
    order_currency_code,
    rate_method,
    through_currency_code,
    rate
from ranked
where method_order = 1
