-- Grain: one order date and currency pair: the rate that holds on that date (direct before inverse,
-- then the latest).
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
                exchange_rates.source_rank asc,
                exchange_rates.instance asc,
                exchange_rates.rate asc
        ) as rate_rank
    from order_dates
    inner join exchange_rates
        on order_dates.order_date >= exchange_rates.valid_from_date
)

select
    order_date,
    from_currency_code,
    to_currency_code,
    is_inverse,
    rate
from ranked
where rate_rank = 1
