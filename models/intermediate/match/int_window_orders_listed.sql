-- Grain: one active order of an identified customer in one window length of the card
-- registry.
with

orders as (
    select * from {{ ref('int_orders_mapped') }}
    where is_active and customer_id is not null
),

windows as (
    select distinct
        window_days,
        window_start_at,
        window_end_at
    from {{ ref('stg_cards__windows') }}
    where window_days is not null
),

order_documents as (
    select distinct order_key from {{ ref('int_order_documents_matched') }}
),

default_customers as (
    select * from {{ ref('int_default_customers_applied') }}
)

select
    windows.window_days,
    orders.order_key,
    orders.customer_id,
    orders.platform,
    orders.subject_key,
    orders.order_segment_code,
    orders.destination_key,
    orders.mapping_status,
    orders.mapped_by,
    orders.expected_legal_entity_id,
    orders.candidate_legal_entity_ids,
    orders.ordered_at,
    orders.order_currency_code,
    orders.order_value,
    orders.order_value_reporting,
    orders.is_rate_missing,
    orders.is_awaiting_sync,
    order_documents.order_key is not null as is_posted,
    default_customers.order_key is not null as is_covered_by_default_customer
from orders
inner join windows
    on orders.ordered_at >= windows.window_start_at
    and orders.ordered_at < windows.window_end_at
left join order_documents
    on orders.order_key = order_documents.order_key
left join default_customers
    on orders.order_key = default_customers.order_key
