-- Grain: one order of the look-back, with its value in the reporting currency (NULL and flagged
-- when there is no rate).
with

orders as (
    select * from {{ ref('int_orders_classified') }}
),

ranked_rates as (
    select
        order_date,
        order_currency_code,
        rate_method,
        rate,
        row_number() over (
            partition by order_date, order_currency_code
            order by method_rank asc, through_currency_code asc
        ) as rate_rank
    from {{ ref('int_reporting_rates_found') }}
)

select
    orders.*,
    '{{ var("reporting_currency") }}' as reporting_currency_code,
    ranked_rates.rate_method,
    ranked_rates.rate as reporting_rate,
    cast(round(orders.order_value * ranked_rates.rate, 2) as decimal(18, 2))
        as order_value_reporting,
    ranked_rates.rate is null as is_rate_missing
from orders
left join ranked_rates
    on orders.order_date = ranked_rates.order_date
    and orders.order_currency_code = ranked_rates.order_currency_code
    and ranked_rates.rate_rank = 1
