-- Grain: one F&O exchange rate of one rate type, currency pair and start date.
-- amount in from_currency × rate ÷ conversion_factor = amount in to_currency.
with

exchange_rates as (
    select * from {{ source('raw_d365_fo', 'exchange_rates') }}
)

select
    instance,
    {{ blank_to_null('rate_type_name') }} as rate_type_name,
    upper({{ blank_to_null('from_currency') }}) as from_currency_code,
    upper({{ blank_to_null('to_currency') }}) as to_currency_code,
    -- 1900-01-01 and 0001-01-01 are no missing dates here: the rate holds since ever
    try_cast(left({{ blank_to_null('start_date') }}, 10) as date) as valid_from_date,
    {{ to_rate('rate') }} as rate,
    {{ to_conversion_factor('conversion_factor') }} as conversion_factor
from exchange_rates
