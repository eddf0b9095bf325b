-- One synthetic Shopify order node per row, every `seconds` seconds back from the as-of; `node` is its JSON.
with

numbered as (
    select
        number,
        timestamp '2026-04-13 03:59:00' - (number * $seconds::bigint) * interval 1 second as ordered_at
    from range($count::bigint) as numbers(number)
),

orders as (
    select
        'gid://shopify/Order/' || (5500000000000 + number) as id,
        '#' || number as name,
        strftime(ordered_at, '%Y-%m-%dT%H:%M:%SZ') as created_at,
        strftime(ordered_at, '%Y-%m-%dT%H:%M:%SZ') as updated_at,
        'false' as test,
        case when number % 17 = 0 then 'REFUNDED' else 'PAID' end as display_financial_status,
        'USD' as presentment_currency_code,
        'c' || (number % 400000) || '@buyer' || (number % 5000) || '.test' as email,
        '["us","retail"]'::json as tags,
        json_object('id', 'gid://shopify/Customer/' || (number % 400000)) as customer,
        '{"countryCodeV2":"US","zip":"78751","company":null,"name":"Ana Roe"}'::json as shipping_address,
        '{"shopMoney":{"amount":"118.4","currencyCode":"USD"},"presentmentMoney":{"amount":"118.4","currencyCode":"USD"}}'::json
            as current_total_price_set,
        '{"shopMoney":{"amount":"9.4","currencyCode":"USD"},"presentmentMoney":{"amount":"9.4","currencyCode":"USD"}}'::json
            as current_total_tax_set,
        ordered_at as _ordered_at
    from numbered
)

select
    *,
    json_object(
        'id', id, 'name', name, 'createdAt', created_at, 'updatedAt', updated_at, 'test', false,
        'displayFinancialStatus', display_financial_status,
        'presentmentCurrencyCode', presentment_currency_code,
        'email', email, 'tags', tags, 'customer', customer, 'shippingAddress', shipping_address,
        'currentTotalPriceSet', current_total_price_set, 'currentTotalTaxSet', current_total_tax_set
    )::varchar as node
from orders
