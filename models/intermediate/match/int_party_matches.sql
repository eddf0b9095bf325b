-- Grain: one D365 customer or Dataverse row that one key value of one commerce customer resolves
-- to, for one row of the field map: value and field match on both sides. The number of a D365
-- customer counts only in the entities where orders of the commerce customer are expected, and in
-- their customer masters; of a Dataverse row also where it names no company. The last columns are
-- of D365 customers only.
with

customers as (
    select * from {{ ref('int_customers') }}
),

subject_keys as (
    select * from {{ ref('int_subject_keys') }}
),

erp_keys as (
    select * from {{ ref('int_erp_keys') }}
),

match_keys as (
    select * from {{ ref('int_match_keys_active') }}
),

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
),

-- a Dataverse row names its company
parties as (
    select parties.*, coalesce(parties.legal_entity_id, legal_entities.legal_entity_id) as owner_id
    from {{ ref('int_erp_parties') }} as parties
    left join legal_entities
        on case when parties.d365_system = 'dataverse' then parties.erp_code end
            = lower(legal_entities.erp_code)
),

destinations as (
    select customer_id, destination_key, any_value(legal_entity_ids) as legal_entity_ids
    from {{ ref('int_order_destinations') }}
    where customer_id is not null
    group by customer_id, destination_key
),

expected as (
    {% for column in ['legal_entity_id', 'customer_master_legal_entity_id'] %}
    select destinations.customer_id, legal_entities.{{ column }} as expected_entity_id
    from destinations
    inner join legal_entities
        on array_contains(destinations.legal_entity_ids, legal_entities.legal_entity_id)
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

pairs as (
    select
        customers.customer_id,
        subject_keys.platform,
        subject_keys.fields as shop_fields,
        erp_keys.holder_key,
        erp_keys.d365_system,
        erp_keys.fields as party_fields,
        erp_keys.key_type,
        erp_keys.key_value
    from subject_keys
    inner join erp_keys
        on subject_keys.key_type = erp_keys.key_type
        and subject_keys.key_value = erp_keys.key_value
    inner join customers
        on subject_keys.subject_key = customers.subject_key
)

select distinct
    match_keys.key_scope,
    pairs.customer_id,
    case when pairs.d365_system != 'dataverse' then parties.party_key end as d365_customer_key,
    case when pairs.d365_system = 'dataverse' then parties.party_key end as dataverse_key,
    pairs.key_type,
    pairs.key_value,
    match_keys.match_key_id,
    match_keys.precedence,
    {% for column in [
        'legal_entity_id', 'erp_code', 'd365_customer_id', 'canonical_party_key', 'is_blocked',
    ] %}
    case when pairs.d365_system != 'dataverse' then parties.{{ column }} end as {{ column }}
    {{- ',' if not loop.last }}
    {% endfor %}
from pairs
inner join match_keys
    on pairs.d365_system = match_keys.d365_system
    and pairs.key_type = match_keys.key_type
    and match_keys.platform in ('*', pairs.platform)
    and array_contains(pairs.shop_fields, match_keys.source_field)
    and array_contains(pairs.party_fields, match_keys.d365_field)
inner join parties
    on pairs.holder_key = parties.party_key
    and pairs.d365_system = parties.d365_system
left join expected
    on pairs.customer_id = expected.customer_id
    and parties.owner_id = expected.expected_entity_id
where not match_keys.is_company_number
    or expected.customer_id is not null
    or (pairs.d365_system = 'dataverse' and parties.erp_code is null)
