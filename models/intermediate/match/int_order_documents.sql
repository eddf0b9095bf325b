-- Grain: one D365 document of one active order: a number on it is a reference of the order, by a
-- method of the store's rule; or (document_key is NULL) one reference of it that finds none. What
-- several active orders, orders of several customers or documents of several accounts have, counts
-- only for the account of the order's own customer, or of a default customer of its store.
with

orders as (
    select orders.order_key, orders.platform, orders.instance, is_active, customers.customer_id
    from {{ ref('int_orders') }} as orders
    left join {{ ref('int_customers') }} as customers
        on orders.subject_key = customers.subject_key
    where orders.is_store_in_scope
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
    left join {{ ref('field_map_stores') }} as stores
        on order_stores.platform = stores.platform
        and lower(order_stores.instance) = lower(stores.instance)
    inner join {{ ref('order_reference_methods') }} as methods
        on contains(
            replace(lower('|' || coalesce(
                stores.order_reference_rule, '{{ var("default_order_reference_rule") }}'
            ) || '|'), ' ', ''),
            '|' || methods.method || '|'
        )
),

order_references as (
    select orders.*, store_methods.document_field, facets.facet_value as reference_value,
        facets.cut_length, store_methods.fo_max_length, store_methods.bc_max_length
    from orders
    inner join {{ ref('int_order_facets') }} as facets
        on orders.order_key = facets.order_key
    inner join store_methods
        on orders.platform = store_methods.platform
        and orders.instance = store_methods.instance
        and facets.facet_type = store_methods.order_reference_type
    where facets.facet_type in {{ number_facets() }}
),

-- before orders and documents are paired: thousands of each may have one text
claimed as (
    select distinct order_references.*, written.erp, written.is_company_known
    from order_references
    inner join (
        select distinct document_field, reference_value, erp,
            legal_entity_id is not null as is_company_known
        from document_references
    ) as written
        on order_references.document_field = written.document_field
        and order_references.reference_value = written.reference_value
    where order_references.cut_length is null
        or order_references.cut_length
        = case written.erp when 'fo' then fo_max_length else bc_max_length end
),

references_shared as (
    select reference_value
    from claimed
    where is_company_known
    group by reference_value
    having count(distinct case when is_active then order_key end) > 1
        or count(distinct coalesce(customer_id, order_key)) > 1
    union
    select referred.reference_value
    from document_references as referred
    inner join (select distinct erp, document_field, reference_value from claimed) as claims
        on referred.erp = claims.erp
        and referred.document_field = claims.document_field
        and referred.reference_value = claims.reference_value
    group by referred.reference_value
    having count(distinct referred.account_key) > 1
),

found as (
    select distinct claimed.order_key, claimed.reference_value, referred.document_key,
        referred.legal_entity_id, referred.is_invoiced
    from claimed
    inner join document_references as referred
        on claimed.erp = referred.erp
        and claimed.document_field = referred.document_field
        and claimed.reference_value = referred.reference_value
    left join references_shared
        on claimed.reference_value = references_shared.reference_value
    left join customer_accounts
        on claimed.customer_id = customer_accounts.customer_id
        and referred.account_key = customer_accounts.account_key
    left join store_accounts
        on referred.account_key = store_accounts.account_key
        and store_accounts.store
            in (lower(claimed.instance), lower(claimed.platform || ':' || claimed.instance))
    where claimed.is_active and referred.legal_entity_id is not null
        and (references_shared.reference_value is null
            or customer_accounts.account_key is not null or store_accounts.account_key is not null)
)

select distinct order_key, document_key, legal_entity_id, is_invoiced,
    cast(null as string) as unused_reference, cast(null as string) as unused_because
from found
union all
select claimed.order_key, null, null, null, claimed.reference_value,
    case when bool_or(claimed.is_company_known) then 'shared'
        else 'company that the field map does not know' end
from claimed
left join found
    on claimed.order_key = found.order_key
    and claimed.reference_value = found.reference_value
where claimed.is_active and found.order_key is null
group by claimed.order_key, claimed.reference_value
