-- Grain: one absent customer of the headline, legal entity that counts for its orders and key row
-- of the field map that is tried there: what was looked for, in which D365 field, what was found,
-- and where a person looks it up.
with

absences as (
    select customer_id, destination_key
    from {{ ref('fct_customer_presence') }}
    where is_in_headline
),

match_keys as (
    select * from {{ ref('int_match_keys_active') }} where key_scope = 'headline'
),

subjects as (
    select customer_id, subject_key, subject_type, platform
    from {{ ref('int_customers') }}
    where customer_id in (select absences.customer_id from absences)
),

destinations as (
    select distinct
        orders.destination_key,
        legal_entities.legal_entity_id,
        legal_entities.customer_master_legal_entity_id as master_legal_entity_id
    from {{ ref('int_order_destinations') }} as orders
    inner join absences
        on orders.customer_id = absences.customer_id
        and orders.destination_key = absences.destination_key
    inner join {{ ref('dim_legal_entities') }} as legal_entities
        on array_contains(orders.legal_entity_ids, legal_entities.legal_entity_id)
),

tried as (
    select distinct
        absences.customer_id,
        absences.destination_key,
        destinations.legal_entity_id,
        destinations.master_legal_entity_id,
        match_keys.match_key_id, match_keys.precedence, match_keys.key_type,
        match_keys.source_field, match_keys.d365_field,
        legal_entities.erp, legal_entities.erp_code, addresses.address
    from absences
    inner join destinations
        on absences.destination_key = destinations.destination_key
    inner join {{ ref('dim_legal_entities') }} as legal_entities
        on destinations.master_legal_entity_id = legal_entities.legal_entity_id
    {{ joined_address('addresses', 'legal_entities.erp', 'legal_entities.legal_entity_id') }}
    inner join subjects
        on absences.customer_id = subjects.customer_id
    inner join match_keys
        on legal_entities.erp = match_keys.d365_system
        and match_keys.platform in ('*', subjects.platform)
        and (match_keys.matched_as != 'contact_email' or subjects.subject_type = 'company')
),

-- a field may give several values, and its text may be no key
looked_for as (
    select distinct
        subjects.customer_id,
        match_keys.match_key_id,
        fields.key_type,
        coalesce({{ key_of('fields') }}, fields.key_text) as key_text,
        case when several.email is null then {{ key_of('fields') }} end as key_value,
        coalesce(several.unusable_because, keys.unusable_because) as unusable_because
    from subjects
    inner join {{ ref('int_subject_fields') }} as fields
        on subjects.subject_key = fields.subject_key
    {{ joined_keys('fields') }}
    inner join match_keys
        on fields.mapped_field = match_keys.source_field
        and fields.key_type = match_keys.key_type
        and match_keys.platform in ('*', fields.platform)
    left join ({{ contacts_of_several_companies() }}) as several
        on match_keys.matched_as = 'contact_email'
        and {{ key_of('fields') }} = several.email
),

matches as (
    select * from {{ ref('int_party_matches') }} where key_scope = 'headline'
),

dataverse_keys as (
    select customer_id, key_type, key_value,
        {{ sorted_list("split_part(dataverse_key, ':', -1)") }} as dataverse_ids,
        {{ sorted_list(dataverse_link('addresses.address', 'dataverse_key')) }} as dataverse_links
    from matches
    {{ joined_address('addresses', "'dataverse'", "split_part(dataverse_key, ':', 1)") }}
    where dataverse_key is not null
    group by customer_id, key_type, key_value
),

found as (
    select
        looked_for.*,
        matches.legal_entity_id as found_legal_entity_id,
        coalesce(matches.legal_entity_id, matches.erp_code) || ' ' || matches.d365_customer_id
            as d365_text,
        dataverse_keys.dataverse_ids,
        dataverse_keys.dataverse_links
    from looked_for
    left join matches
        on looked_for.customer_id = matches.customer_id
        and looked_for.match_key_id = matches.match_key_id
        and looked_for.key_value = matches.key_value
    left join dataverse_keys
        on looked_for.customer_id = dataverse_keys.customer_id
        and looked_for.key_type = dataverse_keys.key_type
        and looked_for.key_value = dataverse_keys.key_value
)

select
    cast(tried.customer_id || '|' || tried.destination_key as string) as worklist_key,
    cast(tried.customer_id as string) as customer_id,
    cast(tried.legal_entity_id as string) as legal_entity_id,
    cast(tried.match_key_id as string) as match_key_id,
    cast(tried.precedence as int) as precedence,
    cast(tried.key_type as string) as key_type,
    cast(tried.source_field as string) as source_field,
    cast({{ sorted_list('found.key_text') }} as string) as key_values,
    cast(tried.d365_field as string) as d365_field,
    cast(
        case
            when bool_or(found.found_legal_entity_id
                in (tried.legal_entity_id, tried.master_legal_entity_id)) then 'own_legal_entity'
            when count(found.d365_text) > 0 then 'other_legal_entity'
            when count(found.dataverse_ids) > 0 then 'dataverse_only'
            when count(found.key_value) > 0 then 'nothing'
            when count(found.unusable_because) > 0 then 'unusable'
            else 'no_value'
        end as string
    ) as outcome,
    cast({{ sorted_list('found.unusable_because') }} as string) as unusable_because,
    cast(coalesce(
        {{ sorted_list('found.d365_text') }}, {{ sorted_list('found.dataverse_ids') }}
    ) as string) as found_records,
    -- in the shop, in the customer master, in Dataverse
    cast(nullif(concat_ws(', ', min(customers.shop_links), {{ master_link(
        'min(tried.address)', 'min(tried.erp)', 'min(tried.erp_code)', 'tried.d365_field',
        sorted_list('found.key_text')
    ) }}, {{ sorted_list('found.dataverse_links') }}), '') as string) as where_to_look
from tried
left join found
    on tried.customer_id = found.customer_id
    and tried.match_key_id = found.match_key_id
left join {{ ref('dim_commerce_customers') }} as customers
    on tried.customer_id = customers.customer_id
group by tried.customer_id, tried.destination_key, tried.legal_entity_id, tried.match_key_id,
    tried.precedence, tried.key_type, tried.source_field, tried.d365_field
