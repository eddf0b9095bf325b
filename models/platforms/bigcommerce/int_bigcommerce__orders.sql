-- Grain: one BigCommerce order of the look-back, in the shape all platforms share.
with

orders as (
    select * from {{ ref('stg_bigcommerce__orders') }}
),

accounts as (
    select * from {{ ref('stg_bigcommerce__customers') }}
),

b2b_orders as (
    select * from {{ ref('stg_bigcommerce__b2b_orders') }}
),

companies as (
    select * from {{ ref('stg_bigcommerce__companies') }}
),

only_ship_to as (
    select * from {{ ref('stg_bigcommerce__order_consignments') }}
    where is_only_ship_to
),

refunded as (
    select
        *,
        total_inc_tax - coalesce(abs(refunded_amount), 0) as gross_left,
        -- refunds are given with tax: their net part has the share of the order
        total_ex_tax - coalesce(cast(
            abs(refunded_amount) * total_ex_tax / nullif(total_inc_tax, 0) as decimal(18, 4)
        ), 0) as net_left
    from orders
)

select
    'bigcommerce' as platform,
    orders.instance,
    orders.order_id as platform_order_id,
    orders.order_id as order_number,
    orders.ordered_at,
    case
        when orders.is_deleted then 'DELETED'
        when lower(orders.payment_method) = 'test payment gateway' then 'TEST'
        else coalesce(orders.status_id, 'NONE')
    end as raw_status,
    orders.payment_status in ('paid', 'captured', 'partially refunded')
        or orders.status_id in ('2', '3', '10', '14') as is_paid,
    orders.status_id in ('2', '10') as is_fulfilled,
    orders.customer_id as platform_customer_id,
    b2b_orders.company_id as platform_company_id,
    b2b_orders.company_id is not null as is_for_company,
    orders.order_email,
    coalesce(companies.company_name, accounts.company_name, orders.address_company_name)
        as company_name,
    coalesce(
        accounts.customer_name,
        {{ blank_to_null(
            "coalesce(orders.first_name, '') || ' ' || coalesce(orders.last_name, '')"
        ) }}
    ) as person_name,
    coalesce(only_ship_to.shipping_country, orders.billing_country) as country_text,
    coalesce(only_ship_to.shipping_postal_code, orders.billing_postal_code) as postal_code,
    coalesce(only_ship_to.shipping_city, orders.billing_city) as city,
    coalesce(only_ship_to.shipping_street, orders.billing_street) as street,
    coalesce(companies.phone, accounts.phone, orders.phone) as phone,
    coalesce(b2b_orders.po_number, orders.external_order_id) as po_number,
    coalesce(orders.channel_id, orders.order_source) as sales_channel,
    upper(trim(orders.order_currency)) as order_currency_code,
    -- not reduced by store_credit_amount and gift_certificate_amount: they are payment
    orders.total_inc_tax as order_total,
    {{ left_of('orders.total_inc_tax', 'orders.gross_left') }} as order_value_gross,
    {{ left_of('orders.total_inc_tax', 'orders.net_left') }} as order_value_net,
    case
        when orders.total_ex_tax is null and orders.total_inc_tax is not null
            then 'total_ex_tax has no value: the order has no value without tax'
        when orders.total_inc_tax is null and orders.total_ex_tax is not null
            then 'total_inc_tax has no value: the order has no value with tax'
    end as value_remark,
    orders._source_file,
    orders._record_number
from refunded as orders
left join accounts
    on orders.instance = accounts.instance
    and orders.customer_id = accounts.customer_id
left join b2b_orders
    on orders.instance = b2b_orders.instance
    and orders.order_id = b2b_orders.order_id
left join companies
    on b2b_orders.instance = companies.instance
    and b2b_orders.company_id = companies.company_id
left join only_ship_to
    on orders.instance = only_ship_to.instance
    and orders.order_id = only_ship_to.order_id
