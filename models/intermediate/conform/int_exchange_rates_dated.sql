-- Grain: one order date and currency pair: the rate that holds on that date (direct before inverse,
-- then the latest; of one day, the organisation that keeps the reporting entity's customers first).
with

orders as (
    select * from {{ ref('int_orders_classified') }}
    where is_active
),

exchange_rates as (
    select * from {{ ref('int_exchange_rates_unioned') }}
),

order_dates as (
    select distinct order_date from orders
),

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
    where is_reporting_entity
),

reporting_organisations as (
    select distinct
        case when d365_customers.erp = 'fo' then 1 else 2 end as source_rank,
        d365_customers.instance
    from {{ ref('int_d365_customers_unioned') }} as d365_customers
    inner join legal_entities
        on d365_customers.legal_entity_id = legal_entities.legal_entity_id
),

ranked as (
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
    from order_dates
    inner join exchange_rates
        on order_dates.order_date >= exchange_rates.valid_from_date
    left join reporting_organisations
        on exchange_rates.source_rank = reporting_organisations.source_rank
        and exchange_rates.instance = reporting_organisations.instance
)

select
    order_date,
    from_currency_code,
    to_currency_code,
    is_inverse,
    rate
from ranked
where rate_rank = 1
