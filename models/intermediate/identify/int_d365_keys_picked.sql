-- Grain: one text that the field map picks as a key of a D365 customer or a Dataverse row (not
-- normalised yet).
with

d365_fields as (
    select * from {{ ref('int_d365_fields_gathered') }}
),

match_keys as (
    select * from {{ ref('int_match_keys_active') }}
)

select distinct
    d365_fields.holder_key,
    d365_fields.d365_system,
    match_keys.match_key_id,
    match_keys.key_type,
    d365_fields.field_value as key_text,
    case when match_keys.key_type = 'tax_id' then d365_fields.country_code end as country_code
from d365_fields
inner join match_keys
    on d365_fields.d365_system = match_keys.d365_system
    and d365_fields.d365_field = match_keys.d365_field
