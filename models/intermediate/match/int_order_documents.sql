-- Grain: one D365 document of one active order: a number on it is a reference of the order,
-- by a method of the store's order-reference rule.
with

orders as (
    select order_key, platform, instance
    from {{ ref('int_orders') }}
    where is_active
),

stores as (
    select * from {{ ref('field_map_stores') }}
),

methods as (
    select * from {{ ref('order_reference_methods') }}
),

facets as (
    select * from {{ ref('int_order_facets') }}
    where facet_type in (select methods.order_reference_type from methods)
),

documents as (
    select * from {{ ref('int_d365_documents_unioned') }}
),

document_references as (
    {% for field in [
        'document_number', 'order_document_number', 'external_document_number',
        'customer_reference', 'requisition', 'external_invoice_id',
    ] %}
    select document_key, legal_entity_id, is_invoiced, '{{ field }}' as document_field,
        {{ canonical_reference(field) }} as reference_value
    from documents
    where {{ field }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

store_methods as (
    select
        order_stores.platform,
        order_stores.instance,
        methods.order_reference_type,
        methods.document_field
    from (select distinct platform, instance from orders) as order_stores
    left join stores
        on order_stores.platform = stores.platform
        and lower(order_stores.instance) = lower(stores.instance)
    inner join methods
        on contains(
            '|' || replace(lower(
                coalesce(stores.order_reference_rule, '{{ var("default_order_reference_rule") }}')),
                    ' ', '')
            || '|',
            '|' || methods.method || '|'
        )
)

select distinct
    orders.order_key,
    document_references.document_key,
    document_references.legal_entity_id,
    document_references.is_invoiced
from document_references
inner join facets
    on document_references.reference_value = facets.facet_value
inner join orders
    on facets.order_key = orders.order_key
inner join store_methods
    on orders.platform = store_methods.platform
    and orders.instance = store_methods.instance
    and facets.facet_type = store_methods.order_reference_type
    and document_references.document_field = store_methods.document_field
