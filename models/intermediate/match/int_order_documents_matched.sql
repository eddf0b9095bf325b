-- Grain: one D365 document that holds one active order, by a method of the store's order-reference
-- rule.
with

orders as (
    select * from {{ ref('int_orders_mapped') }}
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
),

document_references as (
    select * from {{ ref('int_document_references_listed') }}
),

order_methods as (
    select distinct
        orders.order_key,
        methods.order_reference_type,
        methods.document_field
    from orders
    left join stores
        on orders.platform = stores.platform
        and lower(orders.instance) = lower(stores.instance)
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
    order_methods.order_key,
    document_references.document_key
from order_methods
inner join facets
    on order_methods.order_key = facets.order_key
    and order_methods.order_reference_type = facets.facet_type
inner join document_references
    on order_methods.document_field = document_references.document_field
    and facets.facet_value = document_references.reference_value
