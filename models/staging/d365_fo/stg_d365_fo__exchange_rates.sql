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
    {{ to_date('start_date') }} as valid_from_date,
    {{ to_rate('rate') }} as rate,
    case lower({{ odata_enum('conversion_factor') }})
        when 'one' then 1
        when 'ten' then 10
        when 'hundred' then 100
        when 'thousand' then 1000
        when 'tenthousand' then 10000
    end as conversion_factor
from exchange_rates
