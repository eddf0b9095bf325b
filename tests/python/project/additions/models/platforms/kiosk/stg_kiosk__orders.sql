-- Grain: one order of the made-up storefront, of the look-back.
{{ config(materialized='table') }}
{% set casts = [('ordered_at', 'placed', 'order time'), ('total', 'total', 'amount')] %}
select
    instance,
    id as order_id,
    {{ typed(casts) }},
    buyer,
    upper({{ blank_to_null('state') }}) as status,
    {{ blank_to_null('email') }} as order_email,
    {{ blank_to_null('phone') }} as phone,
    currency,
    country,
    _source_file,
    _record_number,
    {{ rejected('kiosk', 'orders', 'id', casts) }}
from {{ source('raw_kiosk', 'orders') }}
where {{ in_look_back() }}
