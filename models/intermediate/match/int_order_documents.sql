-- Grain: one D365 document of one active order: a number on it is a reference of the order, by a
-- method of the store's rule. Or (document_key is NULL) one reference of it that finds no document
-- of its own. A reference that several active orders, orders of several customers or documents of
-- several accounts have counts only for the account of the order's own customer, or of a default
-- customer of its store. Accounts are of their customer master, whatever their case.
with

orders as (
    select orders.order_key, orders.platform, orders.instance, orders.is_active,
        customers.customer_id
    from {{ ref('int_orders') }} as orders
    left join {{ ref('int_customers') }} as customers
        on orders.subject_key = customers.subject_key
    where orders.is_store_in_scope
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

legal_entities as (select * from {{ ref('field_map_legal_entities') }}),

documents as (
    select documents.*, {{ account_key('documents') }} as account_key
    from {{ ref('int_d365_documents_unioned') }} as documents
    left join legal_entities
        on documents.legal_entity_id = legal_entities.legal_entity_id
),

customer_accounts as (
    select distinct matches.customer_id, {{ account_key('matches') }} as account_key
    from {{ ref('int_party_matches') }} as matches
    inner join legal_entities
        on matches.legal_entity_id = legal_entities.legal_entity_id
    where matches.key_scope = 'headline'
),

store_accounts as (
    select distinct lower(trim(default_customers.covers_value)) as store,
        {{ account_key('default_customers') }} as account_key
    from {{ ref('field_map_default_customers') }} as default_customers
    inner join legal_entities
        on default_customers.legal_entity_id = legal_entities.legal_entity_id
    where lower(default_customers.covers) = 'store'
),

document_references as (
    {% for field in [
        'document_number', 'order_document_number', 'external_document_number',
        'customer_reference', 'requisition', 'external_invoice_id',
    ] %}
    select document_key, erp, legal_entity_id, account_key, is_invoiced,
        '{{ field }}' as document_field, {{ canonical_reference(field) }} as reference_value
    from documents
    where {{ field }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

store_methods as (
    select order_stores.platform, order_stores.instance, methods.*
    from (select distinct platform, instance from orders) as order_stores
    left join stores
        on order_stores.platform = stores.platform
        and lower(order_stores.instance) = lower(stores.instance)
    inner join methods
        on contains(
            replace(lower('|' || coalesce(
                stores.order_reference_rule, '{{ var("default_order_reference_rule") }}'
            ) || '|'), ' ', ''),
            '|' || methods.method || '|'
        )
),

matched as (
    select orders.*, document_references.*
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
    where facets.cut_length is null
        or facets.cut_length = case document_references.erp
            when 'fo' then store_methods.fo_max_length else store_methods.bc_max_length
        end
),

references_shared as (
    select reference_value
    from matched
    where legal_entity_id is not null
    group by reference_value
    having count(distinct case when is_active then order_key end) > 1
        or count(distinct coalesce(customer_id, order_key)) > 1
        or count(distinct account_key) > 1
),

judged as (
    select
        matched.*,
        case
            when matched.legal_entity_id is null then 'company that the field map does not know'
            when references_shared.reference_value is not null
                and customer_accounts.account_key is null and store_accounts.account_key is null
                then 'shared'
        end as unused_because
    from matched
    left join references_shared
        on matched.reference_value = references_shared.reference_value
    left join customer_accounts
        on matched.customer_id = customer_accounts.customer_id
        and matched.account_key = customer_accounts.account_key
    left join store_accounts
        on matched.account_key = store_accounts.account_key
        and store_accounts.store
            in (lower(matched.instance), lower(matched.platform || ':' || matched.instance))
    where matched.is_active
)

select distinct
    order_key,
    {% for column in ['document_key', 'legal_entity_id', 'is_invoiced'] %}
    case when unused_because is null then {{ column }} end as {{ column }},
    {% endfor %}
    case when unused_because is not null then reference_value end as unused_reference,
    unused_because
from (
    select *,
        bool_or(unused_because is null) over (partition by order_key, reference_value) as is_used
    from judged
) as judged
where unused_because is null or not is_used
