-- Grain: one currency or country of an order or of a D365 customer that no ISO list knows.
with

orders as (
    {{ platform_orders() }}
),

d365_customers as (
    select * from {{ ref('int_erp_parties') }}
    where d365_system != 'dataverse'
),

destinations as (
    select * from {{ ref('int_order_facets') }}
    where facet_type = 'ship_to'
),

currencies as (
    select * from {{ ref('iso_currencies') }}
),

countries as (
    select * from {{ ref('int_country_codes_listed') }}
),

unknown_countries as (
    select orders.order_key, upper(trim(orders.country_text)) as country_text
    from orders
    left join countries
        on upper(trim(orders.country_text)) = countries.country_text
    where orders.country_text is not null and countries.country_code is null
    union
    select order_key, facet_value
    from destinations
    where ship_to_country_code is null
),

countries_per_order as (
    select
        order_key,
        {{ sorted_list('country_text') }} as country_texts
    from unknown_countries
    group by order_key
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
        orders.platform as source_name,
        orders.instance,
        'orders' as resource_name,
        orders.platform_order_id as record_key,
        'country' as column_name,
        countries_per_order.country_texts as rejected_value,
        'unknown country: the order is mapped without it' as reason,
        orders._source_file as source_file,
        orders._record_number as record_number
    from orders
    inner join countries_per_order
        on orders.order_key = countries_per_order.order_key
    union all
    select
        'd365_' || d365_system as source_name,
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
