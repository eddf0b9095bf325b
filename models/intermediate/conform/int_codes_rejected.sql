-- Grain: one currency or country of an order or of a D365 customer that no ISO list knows.
with

orders as (
    select * from {{ ref('int_orders_classified') }}
),

d365_customers as (
    select * from {{ ref('int_d365_customers_unioned') }}
),

currencies as (
    select * from {{ ref('iso_currencies') }}
),

unknown as (
    select
        orders.platform as source_name,
        orders.instance,
        'orders' as resource_name,
        orders.platform_order_id as record_key,
        'currency' as column_name,
        orders.order_currency_code as rejected_value,
        'unknown currency: the order has no value in the reporting currency' as reason,
        orders._source_file as source_file,
        orders._record_number as record_number
    from orders
    left join currencies
        on orders.order_currency_code = currencies.currency_code
    where currencies.currency_code is null
    union all
    select
        platform as source_name,
        instance,
        'orders' as resource_name,
        platform_order_id as record_key,
        'country' as column_name,
        country_text as rejected_value,
        'unknown country: the order is mapped by its tags or its store' as reason,
        _source_file as source_file,
        _record_number as record_number
    from orders
    where country_text is not null and country_code is null
    union all
    select
        'd365_' || erp as source_name,
        instance,
        'customers' as resource_name,
        erp_code || ' ' || d365_customer_id as record_key,
        'country' as column_name,
        country_text as rejected_value,
        'unknown country: tax id and name are compared without it' as reason,
        cast(null as string) as source_file,
        cast(null as bigint) as record_number
    from d365_customers
    where country_text is not null and country_code is null
)

select
    source_name,
    instance,
    resource_name,
    record_key,
    column_name,
    rejected_value,
    reason,
    source_file,
    record_number
from unknown
