-- Grain: one F&O exchange rate of one rate type, currency pair and start, as written: one day may
-- come twice, as a date and as a time.
-- amount in from_currency × rate ÷ conversion_factor = amount in to_currency.
{% set casts = [
    ('valid_from_date', 'start_date', 'date or rejected'),
    ('rate', 'rate', 'rate or rejected'),
    ('conversion_factor', 'conversion_factor', 'conversion factor or rejected'),
] %}
with

exchange_rates as (
    select * from {{ source('raw_d365_fo', 'exchange_rates') }}
)

select
    instance,
    concat_ws('|', rate_type_name, from_currency, to_currency, start_date) as rate_key,
    {{ blank_to_null('rate_type_name') }} as rate_type_name,
    upper({{ blank_to_null('from_currency') }}) as from_currency_code,
    upper({{ blank_to_null('to_currency') }}) as to_currency_code,
    -- 1900-01-01 and 0001-01-01 are no missing dates here: the rate has always applied
    {{ typed(casts) }},
    {{ rejected(
        'd365_fo',
        'exchange_rates',
        "concat_ws(' ', from_currency || '>' || to_currency, start_date)",
        casts
    ) }}
from exchange_rates
