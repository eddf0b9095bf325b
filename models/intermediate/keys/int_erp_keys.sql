-- Grain: one key value of one D365 customer or Dataverse row (holder), with its fields.
-- is_company_number: it is only the number of a D365 customer, which belongs to a legal entity.
with

fields as (
    select * from {{ ref('int_key_fields') }}
),

keys as (
    select * from {{ ref('int_keys') }}
    where key_value is not null
),

party_fields as (
    select
        d365_system,
        d365_field,
        key_type,
        bool_or(key_scope = 'headline') as is_headline,
        bool_or(is_company_number) as is_company_number
    from {{ ref('int_match_keys_active') }}
    group by d365_system, d365_field, key_type
)

select
    fields.holder_key,
    fields.system as d365_system,
    keys.key_type,
    keys.key_value,
    array_agg(fields.mapped_field) as fields,
    bool_or(party_fields.is_headline) as is_headline,
    bool_and(party_fields.is_company_number) as is_company_number
from fields
inner join party_fields
    on fields.system = party_fields.d365_system
    and fields.mapped_field = party_fields.d365_field
    and fields.key_type = party_fields.key_type
inner join keys
    on fields.key_type = keys.key_type
    and fields.canonical_text = keys.canonical_text
    and coalesce(fields.country_code, '') = coalesce(keys.country_code, '')
group by fields.holder_key, fields.system, keys.key_type, keys.key_value
