-- Grain: one exchange rate of one Business Central company, currency and start date.
-- amount in currency_code × relational ÷ exchange = amount in relational_currency_code (NULL = the
-- local currency).
with

currency_exchange_rates as (
    select * from {{ source('raw_d365_bc', 'currency_exchange_rates') }}
)

select
    instance,
    id as exchange_rate_id,
    upper({{ blank_to_null('currency_code') }}) as currency_code,
    upper({{ blank_to_null('relational_currency_code') }}) as relational_currency_code,
    -- 1900-01-01 and 0001-01-01 are no missing dates here: the rate holds since ever
    try_cast(left({{ blank_to_null('starting_date') }}, 10) as date) as valid_from_date,
    {{ to_rate('exchange_rate_amount') }} as exchange_rate_amount,
    {{ to_rate('relational_exchange_rate_amount') }} as relational_exchange_rate_amount
from currency_exchange_rates
