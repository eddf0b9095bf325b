-- Grain: one exchange rate of one Business Central company, currency and start date.
-- amount in currency_code × relational ÷ exchange = amount in relational_currency_code (NULL = the
-- local currency).
{% set casts = [
    ('valid_from_date', 'starting_date', 'date or rejected'),
    ('exchange_rate_amount', 'exchange_rate_amount', 'rate or rejected'),
    ('relational_exchange_rate_amount', 'relational_exchange_rate_amount', 'rate or rejected'),
] %}
with

currency_exchange_rates as (
    select * from {{ source('raw_d365_bc', 'currency_exchange_rates') }}
)

select
    instance,
    {{ guid('id') }} as exchange_rate_id,
    upper({{ blank_to_null('currency_code') }}) as currency_code,
    upper({{ blank_to_null('relational_currency_code') }}) as relational_currency_code,
    -- 1900-01-01 and 0001-01-01 are no missing dates here: the rate has always applied
    {{ typed(casts) }},
    {{ rejected('d365_bc', 'currency_exchange_rates', 'id', casts) }}
from currency_exchange_rates
