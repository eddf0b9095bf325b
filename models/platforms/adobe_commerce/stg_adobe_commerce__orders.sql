-- Grain: one Adobe Commerce order of the look-back.
{{ config(materialized='table') }}
{% set casts = [
    ('ordered_at', 'created_at', 'order time'),
    ('grand_total', 'grand_total', 'amount'),
    ('tax_amount', 'tax_amount', 'amount'),
    ('total_refunded', 'total_refunded', 'amount'),
    ('tax_refunded', 'tax_refunded', 'amount'),
    ('total_canceled', 'total_canceled', 'amount'),
    ('total_paid', 'total_paid', 'amount'),
    ('shipping_assignments', 'extension_attributes.shipping_assignments', 'list',
        'shipping_assignments'),
] %}
{% for amount in [
    'gift_cards_amount', 'customer_balance_amount', 'reward_currency_amount',
    'gift_cards_refunded', 'customer_balance_refunded', 'customer_balance_total_refunded',
] %}{% do casts.append((amount, 'extension_attributes.' ~ amount, 'amount', amount)) %}{% endfor %}
{% set state = 'coalesce(' ~ blank_to_null('state') ~ ', ' ~ blank_to_null('status') ~ ')' %}
with

orders as (
    select * from {{ source('raw_adobe_commerce', 'orders') }}
    where {{ in_look_back() }}
)

select
    instance,
    entity_id as order_id,
    {{ blank_to_null('increment_id') }} as increment_id,
    {{ typed(casts) }},
    {{ status_code(state, 'order state', 'lower(trim(' ~ state ~ '))') }} as order_state_raw,
    {{ blank_to_null('status') }} as order_status_raw,
    {{ blank_to_null('store_id') }} as store_id,
    {{ blank_to_null(json_text('payment', 'po_number')) }} as po_number,
    {{ blank_to_null('ext_order_id') }} as external_order_id,

    -- who: 0 is no id; an id wins over customer_is_guest, which stays 1 when an account takes over
    -- the cart of a guest
    nullif(trim(customer_id), '0') as customer_id,
    {{ nested_id(json_text('extension_attributes', 'company_order_attributes.company_id')) }}
        as company_id,
    {{ json_text('extension_attributes', 'company_order_attributes.company_name') }}
        as company_name,
    coalesce(
        {{ blank_to_null('customer_email') }},
        {{ blank_to_null(json_text('billing_address', 'email')) }}
    ) as order_email,
    {{ blank_to_null('customer_firstname') }} as first_name,
    {{ blank_to_null('customer_lastname') }} as last_name,
    {{ blank_to_null('customer_taxvat') }} as customer_tax_id,
    {{ blank_to_null('ext_customer_id') }} as external_customer_id,
    {{ blank_to_null(json_text('billing_address', 'vat_id')) }} as billing_tax_id,
    {{ blank_to_null(json_text('billing_address', 'company')) }} as address_company_name,
    {{ json_text('billing_address', 'firstname') }} as billing_first_name,
    {{ json_text('billing_address', 'lastname') }} as billing_last_name,
    {{ json_text('billing_address', 'country_id') }} as billing_country,
    {{ json_text('billing_address', 'postcode') }} as billing_postal_code,
    {{ blank_to_null(json_text('billing_address', 'city')) }} as billing_city,
    {{ street_text(json_text('billing_address', 'street[0]'),
        json_text('billing_address', 'street[1]')) }}
        as billing_street,
    {{ blank_to_null(json_text('billing_address', 'telephone')) }} as phone,

    -- money: the order currency
    {{ blank_to_null('order_currency_code') }} as order_currency,
    _source_file,
    _record_number,
    {{ rejected('adobe_commerce', 'orders', 'entity_id', casts) }}
from orders
