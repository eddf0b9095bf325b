-- Grain: one order of a store in scope, within the look-back.
with

orders as (
    select * from {{ ref('int_orders') }}
),

destinations as (
    select * from {{ ref('int_order_destinations') }}
),

located as (
    select
        documents.order_key,
        documents.is_invoiced,
        coalesce(
            array_contains(destinations.legal_entity_ids, documents.legal_entity_id), false
        ) as is_expected_entity
    from {{ ref('int_order_documents') }} as documents
    inner join destinations
        on documents.order_key = destinations.order_key
    where documents.document_key is not null
),

held as (
    select
        order_key,
        bool_or(is_expected_entity) as is_held_in_expected_entity,
        bool_or(not is_expected_entity) as is_held_elsewhere,
        bool_or(is_invoiced) as is_invoiced
    from located
    group by order_key
),

matched as (
    select * from {{ ref('int_destination_matches') }}
    where key_scope = 'headline'
),

default_customers as (
    select * from {{ ref('int_default_customers_applied') }}
),

failed_orders as (
    select distinct order_key
    from {{ ref('int_order_flow_failures') }}
    where purpose = 'creates_order'
),

fo_customers as (
    select distinct matches.customer_id
    from {{ ref('int_party_matches') }} as matches
    inner join {{ ref('dim_legal_entities') }} as legal_entities
        on coalesce(matches.legal_entity_id, matches.erp_code) = legal_entities.legal_entity_id
    where matches.key_scope = 'headline'
        and legal_entities.erp = 'fo'
)

select
    cast(orders.order_key as string) as order_key,
    cast(destinations.customer_id as string) as customer_id,
    cast(orders.platform as string) as platform,
    cast(orders.instance as string) as instance,
    cast(orders.platform_order_id as string) as platform_order_id,
    cast(orders.order_number as string) as order_number,
    cast(orders.order_reference as string) as order_reference,
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
    cast(destinations.mapping_status as string) as mapping_status,
    cast(destinations.mapped_by as string) as mapped_by,
    cast(destinations.expected_legal_entity_id as string) as expected_legal_entity_id,
    cast(destinations.candidate_legal_entity_ids as string) as candidate_legal_entity_ids,
    cast(destinations.destination_key as string) as destination_key,
    cast(orders.order_currency_code as string) as order_currency_code,
    cast(orders.order_value as decimal(18, 4)) as order_value,
    cast(orders.order_value_gross as decimal(18, 4)) as order_value_gross,
    cast(orders.order_value_net as decimal(18, 4)) as order_value_net,
    cast('{{ var("reporting_currency") }}' as string) as reporting_currency_code,
    cast(orders.order_value_reporting as decimal(18, 2)) as order_value_reporting,
    cast(orders.rate_method as string) as rate_method,
    orders.is_rate_missing,
    held.order_key is not null as is_posted,
    coalesce(held.is_held_in_expected_entity, false) as is_held_in_expected_entity,
    coalesce(held.is_held_elsewhere, false) as is_held_elsewhere,
    coalesce(held.is_invoiced, false) as is_invoiced,
    default_customers.order_key is not null as is_covered_by_default_customer,
    cast(
        case when orders.is_active and destinations.customer_id is not null
            then {{ presence('default_customers.order_key is not null') }} end as string
    ) as customer_presence,
    fo_customers.customer_id is not null as is_customer_in_fo,
    failed_orders.order_key is not null as has_failed_order_flow
from orders
inner join destinations
    on orders.order_key = destinations.order_key
left join held
    on orders.order_key = held.order_key
left join matched
    on destinations.customer_id = matched.customer_id
    and destinations.destination_key = matched.destination_key
left join default_customers
    on orders.order_key = default_customers.order_key
left join fo_customers
    on destinations.customer_id = fo_customers.customer_id
left join failed_orders
    on orders.order_key = failed_orders.order_key
