-- Grain: one key value in one field of one D365 customer or Dataverse row (holder); a value that
-- the field has twice comes twice. is_company_number: the field is the number of a D365 customer,
-- which belongs to a legal entity. key_type: contact_email for the e-mail of a contact, which finds
-- commerce companies only; Dataverse rows, quotes and shared keys compare others.
{{ config(materialized='view') }}
with

party_fields as (
    select
        d365_system,
        d365_field,
        key_type,
        matched_as,
        bool_or(key_scope = 'headline') as is_headline,
        bool_or(is_company_number) as is_company_number
    from {{ ref('int_match_keys_active') }}
    group by d365_system, d365_field, key_type, matched_as
),

valued as (
    select
        fields.*,
        {{ key_of('fields') }} as key_value
    from {{ ref('int_key_fields') }} as fields
    {{ joined_keys('fields') }}
)

select
    valued.holder_key,
    valued.system as d365_system,
    party_fields.matched_as as key_type,
    valued.key_value,
    valued.mapped_field,
    party_fields.is_headline,
    party_fields.is_company_number
from valued
inner join party_fields
    on valued.system = party_fields.d365_system
    and valued.mapped_field = party_fields.d365_field
    and valued.key_type = party_fields.key_type
where valued.key_value is not null
