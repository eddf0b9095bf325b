-- Grain: one D365 document of an order: open sales order, posted sales invoice, posted
-- free-text invoice. Cancelled, corrective and draft documents do not count, nor do those whose
-- status no list knows (rejected_records) and free-text invoices that a posted correction credits.
with

fo_sales_orders as (
    select * from {{ ref('stg_d365_fo__sales_orders') }}
    where sales_order_status != 'canceled'
),

fo_free_text_invoices as (
    select * from {{ ref('stg_d365_fo__free_text_invoices') }}
    where is_posted
),

bc_sales_orders as (
    select * from {{ ref('stg_d365_bc__sales_orders') }}
),

bc_sales_invoices as (
    select * from {{ ref('stg_d365_bc__sales_invoices') }}
    where document_status in ('open', 'paid')
),

fo_corrections as (
    select distinct instance, data_area_id, {{ canonical_account('corrected_invoice_number') }}
        as corrected_number
    from fo_free_text_invoices
    where is_correction
),

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
),

documents as (
    select 'fo' as erp, 'sales_order' as document_type, instance, data_area_id as erp_code,
        sales_order_number as document_id, sales_order_number as document_number,
        customer_account as d365_customer_id, cast(null as string) as order_document_number,
        cast(null as string) as external_document_number, customer_reference, requisition,
        cast(null as string) as external_invoice_id, sales_order_status = 'invoiced' as is_invoiced
    from fo_sales_orders
    union all
    select 'fo', 'free_text_invoice', invoices.instance, invoices.data_area_id, invoice_identifier,
        invoice_number, customer_account, null, null, customer_reference, requisition,
        external_invoice_id, true
    from fo_free_text_invoices as invoices
    left join fo_corrections
        on invoices.instance = fo_corrections.instance
        and invoices.data_area_id = fo_corrections.data_area_id
        and {{ canonical_account('invoices.invoice_number') }} = fo_corrections.corrected_number
    where not invoices.is_correction and fo_corrections.corrected_number is null
    union all
    select 'bc', 'sales_order', instance, lower(instance), sales_order_id, document_number,
        customer_number, null, external_document_number, null, null, null, false
    from bc_sales_orders
    union all
    select 'bc', 'sales_invoice', instance, lower(instance), sales_invoice_id, document_number,
        customer_number, order_document_number, external_document_number, your_reference, null,
        null, true
    from bc_sales_invoices
)

select
    documents.erp || ':' || documents.instance || ':' || documents.erp_code || ':'
        || documents.document_type
        || ':' || documents.document_id as document_key,
    documents.erp,
    documents.document_type,
    documents.instance,
    documents.erp_code,
    legal_entities.legal_entity_id,
    documents.document_id,
    documents.document_number,
    documents.d365_customer_id,
    documents.order_document_number,
    documents.external_document_number,
    documents.customer_reference,
    documents.requisition,
    documents.external_invoice_id,
    coalesce(documents.is_invoiced, false) as is_invoiced
from documents
left join legal_entities
    on documents.erp = lower(legal_entities.erp)
    and documents.erp_code = lower(legal_entities.erp_code)
