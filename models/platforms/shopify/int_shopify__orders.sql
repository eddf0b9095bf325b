-- Grain: one Shopify order of the look-back, in the shape all platforms share.
with

orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

accounts as (
    select * from {{ ref('stg_shopify__customers') }}
),

valued as (
    select
        orders.*,
        accounts.customer_name as account_name,
        -- some extracts carry the tax only in the shop currency: same share of the total
        coalesce(
            orders.current_tax,
            case
                when orders.order_currency = orders.shop_currency then orders.current_tax_shop
                else cast(
                    orders.current_total * orders.current_tax_shop
                    / nullif(orders.current_total_shop, 0) as decimal(18, 4)
                )
            end,
            0
        ) as order_tax
    from orders
    left join accounts
        on orders.instance = accounts.instance
        and orders.customer_id = accounts.customer_id
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
    upper(order_currency) as order_currency_code,
    current_total as order_value_gross,
    current_total - order_tax as order_value_net,
    _source_file,
    _record_number
from valued
