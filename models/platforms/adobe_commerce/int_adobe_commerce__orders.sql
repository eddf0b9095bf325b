-- Grain: one Adobe Commerce order of the look-back, in the shape all platforms share.
{% set tax_share = 'cast(tax_amount / nullif(order_total, 0) as decimal(20, 12))' %}
with

orders as (
    select * from {{ ref('stg_adobe_commerce__orders') }}
),

accounts as (
    select * from {{ ref('stg_adobe_commerce__customers') }}
),

companies as (
    select * from {{ ref('stg_adobe_commerce__companies') }}
),

only_ship_to as (
    select * from {{ ref('stg_adobe_commerce__order_shipments') }}
    where is_only_ship_to
),

paid as (
    select
        *,
        -- gift cards, store credit and points are payment, which grand_total leaves out
        grand_total + coalesce(gift_cards_amount, 0) + coalesce(customer_balance_amount, 0)
            + coalesce(reward_currency_amount, 0) as order_total,
        -- each goes back on its own, points (no field) with the last of the money; what went to
        -- store credit instead is in customer_balance_total_refunded too
        greatest(
            coalesce(abs(total_refunded), 0) + coalesce(gift_cards_refunded, 0)
                + coalesce(customer_balance_refunded, 0)
                + case when abs(total_refunded) >= grand_total and grand_total > 0
                    then coalesce(reward_currency_amount, 0) else 0 end,
            coalesce(customer_balance_total_refunded, 0)
        ) as refunded,
        coalesce(total_canceled, 0) as canceled
    from orders
),

valued as (
    select
        *,
        order_total - refunded - canceled as gross_left,
        -- refunds and cancelled lines come with tax; where their tax is not given it has the share
        -- of the order
        coalesce(tax_amount, 0)
            - coalesce(abs(tax_refunded), cast(refunded * {{ tax_share }} as decimal(18, 4)), 0)
            - coalesce(cast(canceled * {{ tax_share }} as decimal(18, 4)), 0) as tax_left
    from paid
)

select
    'adobe_commerce' as platform,
    orders.instance,
    orders.order_id as platform_order_id,
    coalesce(orders.increment_id, orders.order_id) as order_number,
    orders.ordered_at,
    coalesce(orders.order_state_raw, 'NONE') as raw_status,
    coalesce(orders.total_paid, 0) > 0
        or coalesce(orders.grand_total = 0 and orders.order_total > 0, false) as is_paid,
    orders.order_state_raw = 'complete' as is_fulfilled,
    orders.customer_id as platform_customer_id,
    orders.company_id as platform_company_id,
    coalesce(orders.company_id, accounts.company_id) is not null as is_for_company,
    orders.order_email,
    coalesce(companies.company_name, orders.company_name, orders.address_company_name)
        as company_name,
    coalesce(
        accounts.customer_name,
        {{ blank_to_null(
            "coalesce(orders.first_name, orders.billing_first_name, '') || ' ' "
            ~ "|| coalesce(orders.last_name, orders.billing_last_name, '')"
        ) }}
    ) as person_name,
    coalesce(only_ship_to.shipping_country, orders.billing_country) as country_text,
    coalesce(only_ship_to.shipping_postal_code, orders.billing_postal_code) as postal_code,
    coalesce(only_ship_to.shipping_city, orders.billing_city) as city,
    coalesce(only_ship_to.shipping_street, orders.billing_street) as street,
    orders.phone,
    orders.po_number,
    orders.store_id as sales_channel,
    upper(trim(orders.order_currency)) as order_currency_code,
    orders.order_total,
    {{ left_of('orders.order_total', 'orders.gross_left') }} as order_value_gross,
    {{ left_of('orders.order_total', 'orders.gross_left - orders.tax_left') }} as order_value_net,
    cast(null as string) as value_remark,
    orders._source_file,
    orders._record_number
from valued as orders
left join accounts
    on orders.instance = accounts.instance
    and orders.customer_id = accounts.customer_id
left join companies
    on orders.instance = companies.instance
    and orders.company_id = companies.company_id
left join only_ship_to
    on orders.instance = only_ship_to.instance
    and orders.order_id = only_ship_to.order_id
