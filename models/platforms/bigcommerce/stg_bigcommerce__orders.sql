-- Grain: one BigCommerce order of the look-back.
{{ config(materialized='table') }}
{% set casts = [
    ('ordered_at', 'date_created', 'order time'),
    ('is_deleted', 'is_deleted', 'boolean or false'),
    ('total_inc_tax', 'total_inc_tax', 'amount'),
    ('total_ex_tax', 'total_ex_tax', 'amount'),
    ('refunded_amount', 'refunded_amount', 'amount'),
] %}
{# the label, where the number is not there #}
{% set status = 'coalesce(' ~ blank_to_null('status_id') ~ ', ' ~ blank_to_null('status') ~ ')' %}
with

orders as (
    select * from {{ source('raw_bigcommerce', 'orders') }}
    where {{ in_look_back() }}
)

select
    instance,
    id as order_id,
    {{ typed(casts) }},
    {{ status_code(status, 'order status', status) }} as status_id,
    replace(lower({{ blank_to_null('payment_status') }}), '_', ' ') as payment_status,
    {{ blank_to_null('payment_method') }} as payment_method,
    {{ blank_to_null('order_source') }} as order_source,
    {{ blank_to_null('channel_id') }} as channel_id,
    {{ blank_to_null('external_order_id') }} as external_order_id,

    -- who: 0 is a guest, never an account
    nullif(trim(customer_id), '0') as customer_id,
    {{ blank_to_null(json_text('billing_address', 'email')) }} as order_email,
    {{ blank_to_null(json_text('billing_address', 'company')) }} as address_company_name,
    {{ blank_to_null(json_text('billing_address', 'first_name')) }} as first_name,
    {{ blank_to_null(json_text('billing_address', 'last_name')) }} as last_name,
    {{ address_country('billing_address', ['country_iso2', 'country']) }} as billing_country,
    {{ blank_to_null(json_text('billing_address', 'zip')) }} as billing_postal_code,
    {{ blank_to_null(json_text('billing_address', 'city')) }} as billing_city,
    {{ street_text(json_text('billing_address', 'street_1'),
        json_text('billing_address', 'street_2')) }}
        as billing_street,
    {{ blank_to_null(json_text('billing_address', 'phone')) }} as phone,
    {{ json_text('billing_address', 'form_fields') }} as form_fields,
    -- a list of consignments, whichever of its shapes: list, one object, legacy shipping_addresses
    case
        when left(consignments, 1) = '[' and consignments != '[]' then consignments
        when left(consignments, 1) = '{' and consignments != '{}'
            and {{ json_text('consignments', 'resource') }} is null
            then '[' || consignments || ']'
        when left(shipping_addresses, 1) = '['
            then '[{"shipping":' || shipping_addresses || '}]'
        when {{ json_text('shipping_addresses', 'resource') }} is null
            then '[{"shipping":[' || shipping_addresses || ']}]'
    end as consignments,
    coalesce(left(shipping_addresses, 1), '') != '['
        and {{ json_text('coalesce(consignments, shipping_addresses)', 'resource') }} is not null
        as is_ship_to_linked,

    -- money: default_currency_code is the currency the shopper pays in (currency_code is only
    -- displayed)
    coalesce({{ blank_to_null('default_currency_code') }}, {{ blank_to_null('currency_code') }})
        as order_currency,

    _source_file,
    _record_number,
    {{ rejected('bigcommerce', 'orders', 'id', casts) }}
from orders
