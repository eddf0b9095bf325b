-- Grain: one number on one D365 document that may be a reference to a commerce order.
with

documents as (
    select * from {{ ref('int_d365_documents_unioned') }}
),

numbered as (
    select document_key, 'document_number' as document_field, document_number as reference_value
    from documents
    union all
    select document_key, 'order_document_number', order_document_number from documents
    union all
    select document_key, 'external_document_number', external_document_number from documents
    union all
    select document_key, 'customer_reference', customer_reference from documents
    union all
    select document_key, 'requisition', requisition from documents
    union all
    select document_key, 'external_invoice_id', external_invoice_id from documents
)

select distinct
    document_key,
    document_field,
    {{ canonical_reference('reference_value') }} as reference_value
from numbered
where {{ canonical_reference('reference_value') }} is not null
