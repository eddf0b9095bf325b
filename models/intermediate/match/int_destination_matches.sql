-- Grain: one commerce customer, destination and key scope for which some key resolves in the
-- customer master of an entity of the destination: its own rows, or those of the entity whose
-- master it shares. One without a row is in no entity of the destination. Duplicates: one key
-- resolves to several customers of a master. Conflict: no single one has all keys that resolve.
-- Through a person: a company that no key of its own finds, or only in the record of a person.
with

destinations as (
    select
        customer_destinations.customer_id,
        customer_destinations.destination_key,
        legal_entities.legal_entity_id,
        coalesce(legal_entities.customer_master_legal_entity_id, legal_entities.legal_entity_id)
            as master_legal_entity_id
    from (
        select customer_id, destination_key, any_value(legal_entity_ids) as legal_entity_ids
        from {{ ref('int_order_destinations') }}
        where customer_id is not null
        group by customer_id, destination_key
    ) as customer_destinations
    inner join {{ ref('field_map_legal_entities') }} as legal_entities
        on array_contains(customer_destinations.legal_entity_ids, legal_entities.legal_entity_id)
),

party_matches as (
    select * from {{ ref('int_party_matches') }}
    where d365_customer_key is not null
),

companies as (
    select distinct customer_id from {{ ref('int_customers') }}
    where subject_type = 'company'
),

company_keys as (
    select distinct customers.customer_id, keys.key_type, keys.key_value
    from {{ ref('int_customers') }} as customers
    inner join {{ ref('int_subject_keys') }} as keys
        on customers.subject_key = keys.subject_key
    where customers.subject_type = 'company'
        and (keys.is_own or array_contains(keys.fields, 'subject.id'))
),

persons as (
    select party_key from {{ ref('int_erp_parties') }}
    where lower(trim(case d365_system when 'fo' then {{ own_field('record', "'PartyType'") }}
        when 'bc' then {{ own_field('record', "'type'") }} end)) = 'person'
),

matches as (
    select
        party_matches.key_scope || '|' || destinations.customer_id || '|'
            || destinations.destination_key as match_id,
        party_matches.key_scope,
        destinations.customer_id,
        destinations.destination_key,
        destinations.master_legal_entity_id,
        party_matches.d365_customer_key,
        party_matches.canonical_party_key,
        party_matches.d365_customer_id,
        party_matches.is_blocked,
        party_matches.key_type,
        party_matches.key_type || '|' || party_matches.key_value as key_label,
        party_matches.match_key_id,
        party_matches.precedence,
        companies.customer_id is not null
            and (company_keys.customer_id is null or persons.party_key is not null)
            and party_matches.key_scope = 'headline'
            and party_matches.key_type != 'decision' as is_through_person
    from destinations
    inner join party_matches
        on destinations.customer_id = party_matches.customer_id
        and party_matches.legal_entity_id in (
            destinations.legal_entity_id, destinations.master_legal_entity_id
        )
    left join companies
        on party_matches.customer_id = companies.customer_id
    left join company_keys
        on party_matches.customer_id = company_keys.customer_id
        and party_matches.key_type = company_keys.key_type
        and party_matches.key_value = company_keys.key_value
    left join persons
        on party_matches.d365_customer_key = persons.party_key
),

-- only where several customers of one master are found, there is something to compare
several as (
    select match_id, master_legal_entity_id from matches
    group by match_id, master_legal_entity_id
    having min(canonical_party_key) != max(canonical_party_key)
),

per_key as (
    select matches.match_id, matches.master_legal_entity_id, matches.key_label,
        count(distinct matches.canonical_party_key) as holder_count
    from matches
    inner join several
        on matches.match_id = several.match_id
        and matches.master_legal_entity_id = several.master_legal_entity_id
    group by matches.match_id, matches.master_legal_entity_id, matches.key_label
),

per_master as (
    select match_id, master_legal_entity_id, count(*) as key_count,
        bool_or(holder_count > 1) as has_duplicates
    from per_key
    group by match_id, master_legal_entity_id
),

per_holder as (
    select match_id, master_legal_entity_id, canonical_party_key,
        count(distinct key_label) as key_count
    from matches
    where match_id in (select several.match_id from several)
    group by match_id, master_legal_entity_id, canonical_party_key
),

best_holder as (
    select match_id, master_legal_entity_id, max(key_count) as key_count from per_holder
    group by match_id, master_legal_entity_id
),

flagged as (
    select per_master.match_id,
        bool_or(per_master.has_duplicates) as has_d365_duplicates,
        bool_or(best_holder.key_count < per_master.key_count) as has_key_conflict
    from per_master
    inner join best_holder
        on per_master.match_id = best_holder.match_id
        and per_master.master_legal_entity_id = best_holder.master_legal_entity_id
    group by per_master.match_id
)

select
    matches.key_scope, matches.customer_id, matches.destination_key,
    -- the first row of the field map that resolves
    min_by(
        matches.key_type,
        concat_ws('', lpad(cast(matches.precedence as string), 9, '0'), matches.match_key_id)
    ) as matched_key_type,
    {{ sorted_list('matches.key_type') }} as matched_key_types,
    bool_and(matches.is_blocked) as is_blocked,
    {{ sorted_list('matches.d365_customer_id') }} as d365_customer_ids,
    coalesce(bool_or(flagged.has_d365_duplicates), false) as has_d365_duplicates,
    coalesce(bool_or(flagged.has_key_conflict), false) as has_key_conflict,
    bool_and(matches.is_through_person) as is_through_person
from matches
left join flagged
    on matches.match_id = flagged.match_id
group by matches.key_scope, matches.customer_id, matches.destination_key
