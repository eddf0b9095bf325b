-- Grain: one D365 customer or Dataverse row that one key value of one commerce customer resolves
-- to, for one row of the field map: value and field match on both sides. The number of a D365
-- customer counts only in the entities where orders of the commerce customer are expected, and in
-- their customer masters; of a Dataverse row also where it names no company. A contact finds the
-- one company that orders with its e-mail (key_type contact_email). The last columns are of D365
-- customers only. What a person decided to be the same is one more row, of both scopes.
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

-- a decision comes after every row of the map: where a key finds the customer, the key says so
match_keys as (
    select * from {{ ref('int_match_keys_active') }}
    {% for key_scope in ['headline', 'twin'] %}
    {% for d365_system in ['fo', 'bc'] %}
    union all
    select 'decision', '{{ key_scope }}', null, 'decision', 'decision', null,
        '{{ d365_system }}', null, 100000, false
    {% endfor %}
    {% endfor %}
),

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
),

parties as (
    select * from {{ ref('int_erp_parties') }}
),

found as (
    select distinct
        customers.customer_id,
        erp_keys.holder_key,
        erp_keys.key_type,
        erp_keys.key_value,
        match_keys.match_key_id,
        match_keys.is_company_number
    from subject_keys
    inner join erp_keys
        on subject_keys.key_type = replace(erp_keys.key_type, 'contact_', '')
        and subject_keys.key_value = erp_keys.key_value
    inner join customers
        on subject_keys.subject_key = customers.subject_key
    inner join match_keys
        on erp_keys.d365_system = match_keys.d365_system
        and erp_keys.mapped_field = match_keys.d365_field
        and erp_keys.key_type = match_keys.matched_as
        and match_keys.platform in ('*', customers.platform)
        and array_contains(subject_keys.fields, match_keys.source_field)
        and (match_keys.matched_as != 'contact_email' or customers.subject_type = 'company')
    left join ({{ contacts_of_several_companies() }}) as several
        on match_keys.matched_as = 'contact_email'
        and subject_keys.key_value = several.email
    where several.email is null
    union all
    select customer_id, d365_customer_key, 'decision', legal_entity_id || ' ' || d365_customer_id,
        'decision', false
    from {{ ref('int_decisions_applied') }}
    where decision = 'same_as' and effect = 'in_force'
),

-- where a number counts: in the entities of the orders, in their customer masters, and for a
-- Dataverse row by the company that it names
expected_entities as (
    {% for column in ['legal_entity_id', 'customer_master_legal_entity_id'] %}
    select distinct destinations.customer_id, legal_entities.{{ column }} as expected_entity_id
    from {{ ref('int_order_destinations') }} as destinations
    inner join legal_entities
        on array_contains(destinations.legal_entity_ids, legal_entities.legal_entity_id)
    where destinations.customer_id
        in (select found.customer_id from found where found.is_company_number)
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

expected as (
    select customer_id || '|' || expected_entity_id as customer_owner from expected_entities
    union
    select expected_entities.customer_id || '|company ' || lower(legal_entities.erp_code)
    from expected_entities
    inner join legal_entities
        on expected_entities.expected_entity_id = legal_entities.legal_entity_id
)

select
    match_keys.key_scope,
    found.customer_id,
    case when parties.d365_system != 'dataverse' then parties.party_key end as d365_customer_key,
    case when parties.d365_system = 'dataverse' then parties.party_key end as dataverse_key,
    match_keys.matched_as as key_type,
    found.key_value,
    match_keys.match_key_id,
    match_keys.precedence,
    {% for column in [
        'legal_entity_id', 'erp_code', 'd365_customer_id', 'canonical_party_key', 'is_blocked',
    ] %}
    case when parties.d365_system != 'dataverse' then parties.{{ column }} end as {{ column }}
    {{- ',' if not loop.last }}
    {% endfor %}
from found
inner join parties
    on found.holder_key = parties.party_key
inner join match_keys
    on found.match_key_id = match_keys.match_key_id
    and parties.d365_system = match_keys.d365_system
where not match_keys.is_company_number
    or (parties.d365_system = 'dataverse' and parties.erp_code is null)
    or case when match_keys.is_company_number then found.customer_id || '|' || coalesce(
        parties.legal_entity_id,
        case when parties.d365_system = 'dataverse' then 'company ' || parties.erp_code end
    ) end in (select expected.customer_owner from expected)
