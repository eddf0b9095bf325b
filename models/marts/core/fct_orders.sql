-- Grain: one order of a store in scope, within the look-back.
with

orders as (
    select * from {{ ref('int_orders_mapped') }}
),

order_documents as (
    select * from {{ ref('int_order_documents_matched') }}
),

default_customers as (
    select * from {{ ref('int_default_customers_applied') }}
),

posted as (
    select
        order_key,
        count(*) as document_count
    from order_documents
    group by order_key
)

select
    cast(orders.order_key as string) as order_key,
    cast(orders.customer_id as string) as customer_id,
    cast(orders.platform as string) as platform,
    cast(orders.instance as string) as instance,
    cast(orders.platform_order_id as string) as platform_order_id,
    cast(orders.order_number as string) as order_number,
    cast(orders.ordered_at as timestamp) as ordered_at,
    cast(orders.order_date as date) as order_date,
    cast(orders.raw_status as string) as raw_status,
    cast(orders.order_state as string) as order_state,
    orders.is_active,
    orders.is_status_known,
    orders.is_paid,
    orders.is_fulfilled,
    orders.is_awaiting_sync,
    cast(orders.subject_type as string) as subject_type,
    cast(orders.order_segment_code as string) as order_segment_code,
    cast(orders.country_code as string) as country_code,
    cast(orders.mapping_status as string) as mapping_status,
    cast(orders.mapped_by as string) as mapped_by,
    cast(orders.expected_legal_entity_id as string) as expected_legal_entity_id,
    cast(orders.candidate_legal_entity_ids as string) as candidate_legal_entity_ids,
    cast(orders.destination_key as string) as destination_key,
    cast(orders.order_currency_code as string) as order_currency_code,
    cast(orders.order_value as decimal(18, 4)) as order_value,
    cast(orders.order_value_gross as decimal(18, 4)) as order_value_gross,
    cast(orders.order_value_net as decimal(18, 4)) as order_value_net,
    cast(orders.reporting_currency_code as string) as reporting_currency_code,
    cast(orders.order_value_reporting as decimal(18, 2)) as order_value_reporting,
    cast(orders.rate_method as string) as rate_method,
    orders.is_rate_missing,
    posted.order_key is not null as is_posted,
    default_customers.order_key is not null as is_covered_by_default_customer
from orders
left join posted
    on orders.order_key = posted.order_key
left join default_customers
    on orders.order_key = default_customers.order_key
