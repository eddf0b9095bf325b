-- Grain: one active order and D365 document that holds it.
with

matches as (
    select * from {{ ref('int_order_documents_matched') }}
),

documents as (
    select * from {{ ref('int_d365_documents_unioned') }}
)

select
    cast(matches.order_key as string) as order_key,
    cast(matches.document_key as string) as document_key,
    cast(documents.document_type as string) as document_type,
    cast(documents.document_number as string) as document_number,
    cast(coalesce(documents.legal_entity_id, documents.erp_code) as string) as legal_entity_id,
    cast(documents.d365_customer_id as string) as d365_customer_id
from matches
inner join documents
    on matches.document_key = documents.document_key
