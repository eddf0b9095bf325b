-- Grain: one active order and what D365 holds of it: in an entity of its destination, elsewhere, as
-- order or as invoice.
with

orders as (
    select * from {{ ref('int_orders_mapped') }}
    where is_active
),

order_documents as (
    select * from {{ ref('int_order_documents_matched') }}
),

documents as (
    select * from {{ ref('int_d365_documents_unioned') }}
),

destinations as (
    select * from {{ ref('int_destinations_listed') }}
),

located as (
    select
        orders.order_key,
        documents.document_type,
        documents.is_invoiced,
        destinations.legal_entity_id is not null as is_expected_entity
    from orders
    inner join order_documents
        on orders.order_key = order_documents.order_key
    inner join documents
        on order_documents.document_key = documents.document_key
    left join destinations
        on orders.destination_key = destinations.destination_key
        and documents.legal_entity_id = destinations.legal_entity_id
)

select
    order_key,
    bool_or(is_expected_entity) as is_held_in_expected_entity,
    bool_or(not is_expected_entity) as is_held_elsewhere,
    bool_or(is_invoiced) as is_invoiced
from located
group by order_key
