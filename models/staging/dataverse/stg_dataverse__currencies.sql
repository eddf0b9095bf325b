-- Grain: one currency of Dataverse with its current rate (units of this currency per unit of the
-- base currency).
{% set casts = [
    ('is_active', 'statecode', 'record state'),
    ('units_per_base', 'exchangerate', 'rate'),
] %}
with

currencies as (
    select * from {{ source('raw_dataverse', 'transactioncurrencies') }}
)

select
    instance,
    {{ guid('transactioncurrencyid') }} as currency_id,
    upper({{ blank_to_null('isocurrencycode') }}) as currency_code,
    {{ typed(casts) }},
    {{ rejected('dataverse', 'transactioncurrencies', 'transactioncurrencyid', casts) }}
from currencies
