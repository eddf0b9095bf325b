-- Grain: one currency of Dataverse with its current rate (units of this currency per unit of the
-- base currency).
with

currencies as (
    select * from {{ source('raw_dataverse', 'transactioncurrencies') }}
)

select
    instance,
    transactioncurrencyid as currency_id,
    upper({{ blank_to_null('isocurrencycode') }}) as currency_code,
    {{ to_rate('exchangerate') }} as units_per_base,
    trim(statecode) = '0' as is_active
from currencies
