-- Grain: one Shopify order of the look-back.
{{ config(materialized='table') }}
{% set casts = [
    ('ordered_at', 'created_at', 'order time'),
    ('cancelled_at', 'cancelled_at', 'time or none'),
    ('is_test', 'test', 'boolean'),
    ('current_total', 'current_total_price_set.presentmentMoney.amount', 'amount'),
    ('current_tax', 'current_total_tax_set.presentmentMoney.amount', 'amount'),
    ('placed_total', 'total_price_set.presentmentMoney.amount', 'amount'),
    ('placed_tax', 'total_tax_set.presentmentMoney.amount', 'amount'),
    ('current_total_shop', 'current_total_price_set.shopMoney.amount', 'amount',
        'currentTotalPriceSet.shopMoney'),
    ('current_tax_shop', 'current_total_tax_set.shopMoney.amount', 'amount',
        'currentTotalTaxSet.shopMoney'),
    ('placed_total_shop', 'total_price_set.shopMoney.amount', 'amount', 'totalPriceSet.shopMoney'),
    ('placed_tax_shop', 'total_tax_set.shopMoney.amount', 'amount', 'totalTaxSet.shopMoney'),
    ('customer_id', 'customer.id', 'Customer id'),
    ('company_id', 'purchasing_entity.company.id', 'Company id', 'purchasingEntity.company'),
    ('company_location_id', 'purchasing_entity.location.id', 'CompanyLocation id',
        'purchasingEntity.location'),
] %}
with

orders as (
    select * from {{ source('raw_shopify', 'orders') }}
    where {{ in_look_back() }}
)

select
    instance,
    {{ gid_number('id') }} as order_id,
    {{ blank_to_null('name') }} as order_name,
    {{ typed(casts) }},
    {{ status_code(
        'display_financial_status',
        'financial status',
        'upper(' ~ blank_to_null('display_financial_status') ~ ')'
    ) }} as financial_status,
    upper({{ blank_to_null('display_fulfillment_status') }}) as fulfillment_status,
    {{ blank_to_null('source_name') }} as channel_name,
    {{ blank_to_null('po_number') }} as po_number,

    -- who
    {{ blank_to_null('email') }} as order_email,
    coalesce(
        {{ blank_to_null(json_text('customer', 'defaultEmailAddress.emailAddress')) }},
        {{ blank_to_null(json_text('customer', 'email')) }}
    ) as account_email,
    {{ json_text('purchasing_entity', '__typename') }} as purchasing_entity_type,
    {{ json_text('purchasing_entity', 'company.name') }} as company_name,
    {{ json_text('purchasing_entity', 'company.externalId') }} as company_external_id,
    {{ json_text('purchasing_entity', 'location.externalId') }} as company_location_external_id,
    coalesce({{ json_text('billing_address', 'company') }},
        {{ json_text('shipping_address', 'company') }})
        as address_company_name,
    coalesce({{ json_text('billing_address', 'name') }},
        {{ json_text('shipping_address', 'name') }})
        as address_name,
    {{ address_country('billing_address', ['countryCodeV2', 'countryCode', 'country']) }}
        as billing_country,
    {{ json_text('billing_address', 'zip') }} as billing_postal_code,
    {{ blank_to_null(json_text('billing_address', 'city')) }} as billing_city,
    {{ street_text(json_text('billing_address', 'address1'),
        json_text('billing_address', 'address2')) }}
        as billing_street,
    {{ address_country('shipping_address', ['countryCodeV2', 'countryCode', 'country']) }}
        as shipping_country,
    {{ blank_to_null('shipping_address') }} is not null as has_shipping_address,
    {{ json_text('shipping_address', 'zip') }} as shipping_postal_code,
    {{ blank_to_null(json_text('shipping_address', 'city')) }} as shipping_city,
    {{ street_text(json_text('shipping_address', 'address1'),
        json_text('shipping_address', 'address2')) }}
        as shipping_street,
    coalesce(
        {{ blank_to_null(json_text('billing_address', 'phone')) }},
        {{ blank_to_null('phone') }},
        {{ blank_to_null(json_text('shipping_address', 'phone')) }}
    ) as phone,
    {{ gid_number(json_text('merchant_business_entity', 'id')) }} as merchant_business_entity_id,
    {{ json_text('merchant_business_entity', 'displayName') }} as merchant_business_entity_name,

    -- money: the currency the buyer paid in, and that of the shop
    coalesce(
        {{ blank_to_null(json_text('current_total_price_set', 'presentmentMoney.currencyCode')) }},
        {{ blank_to_null(json_text('total_price_set', 'presentmentMoney.currencyCode')) }},
        {{ blank_to_null('presentment_currency_code') }}
    ) as presentment_currency,
    coalesce(
        {{ blank_to_null(json_text('current_total_price_set', 'shopMoney.currencyCode')) }},
        {{ blank_to_null(json_text('total_price_set', 'shopMoney.currencyCode')) }},
        {{ blank_to_null('currency_code') }}
    ) as shop_currency,

    tags,
    custom_attributes,
    _source_file,
    _record_number,
    {{ rejected('shopify', 'orders', gid_number('id'), casts) }}
from orders
