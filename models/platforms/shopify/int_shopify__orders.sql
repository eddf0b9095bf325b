-- Grain: one Shopify order of the look-back, in the shape all platforms share.
with

orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

accounts as (
    select * from {{ ref('stg_shopify__customers') }}
),

currencies as (
    select
        orders.*,
        accounts.customer_name as account_name,
        coalesce(
            upper(trim(orders.presentment_currency)) = upper(trim(orders.shop_currency)), true
        ) as is_one_currency,
        coalesce(orders.current_total, orders.placed_total) is null
            and coalesce(orders.current_total_shop, orders.placed_total_shop) is not null
            as is_shop_money
    from orders
    left join accounts
        on orders.instance = accounts.instance
        and orders.customer_id = accounts.customer_id
),

-- amounts in one currency: what the buyer paid in, else the shop's
amounts as (
    select
        *,
        {% for amount in ['current_total', 'current_tax', 'placed_total', 'placed_tax'] %}
        coalesce(
            case when not is_shop_money or is_one_currency then {{ amount }} end,
            case when is_shop_money or is_one_currency then {{ amount }}_shop end
        ) as {{ amount }}_paid,
        {% endfor %}
        case when is_shop_money then coalesce(shop_currency, presentment_currency)
            else coalesce(presentment_currency, shop_currency) end as order_currency
    from currencies
),

valued as (
    select
        *,
        coalesce(current_total_paid, placed_total_paid) as gross_left,
        -- a tax that is given only in the shop currency, or only before refunds, has its share
        coalesce(
            case when current_total_paid is null then placed_tax_paid end,
            current_tax_paid,
            cast(
                current_total_paid * current_tax_shop / nullif(current_total_shop, 0)
                as decimal(18, 4)
            ),
            cast(
                current_total_paid * placed_tax_paid / nullif(placed_total_paid, 0)
                as decimal(18, 4)
            ),
            0
        ) as tax_left
    from amounts
)

select
    'shopify' as platform,
    instance,
    order_id as platform_order_id,
    coalesce(order_name, order_id) as order_number,
    ordered_at,
    -- there is no status "cancelled" in Shopify: the time of cancellation is the only sign
    case
        when cancelled_at is not null then 'CANCELLED'
        when is_test then 'TEST'
        else coalesce(financial_status, 'NONE')
    end as raw_status,
    financial_status in ('PAID', 'PARTIALLY_REFUNDED') as is_paid,
    fulfillment_status = 'FULFILLED' as is_fulfilled,
    customer_id as platform_customer_id,
    company_id as platform_company_id,
    company_id is not null or coalesce(purchasing_entity_type = 'PurchasingCompany', false)
        as is_for_company,
    order_email,
    coalesce(company_name, address_company_name) as company_name,
    coalesce(account_name, address_name) as person_name,
    coalesce(shipping_country, billing_country) as country_text,
    coalesce(shipping_postal_code, billing_postal_code) as postal_code,
    coalesce(shipping_city, billing_city) as city,
    coalesce(shipping_street, billing_street) as street,
    phone,
    po_number,
    channel_name as sales_channel,
    upper(trim(order_currency)) as order_currency_code,
    -- NULL where it is not given: then the status alone says whether the order is refunded
    placed_total_paid as order_total,
    {{ left_of('placed_total_paid', 'gross_left') }} as order_value_gross,
    {{ left_of('placed_total_paid', 'gross_left - tax_left') }} as order_value_net,
    case
        when is_shop_money and not is_one_currency
            then 'only shop money is given: the order is valued in the shop currency'
        when current_total_paid is null and placed_total_paid is not null
            then 'no current total is given: the order is valued before refunds'
    end as value_remark,
    _source_file,
    _record_number
from valued
