-- What: the d365_field of every active match key on Dataverse is a field of the loaded accounts or
-- contacts.
-- When it matters: an unknown field matches no row, so "also in Dataverse" is too low.
-- How to fix: correct d365_field to the Dataverse name (lower case), or add the column to the
-- extract.
{{ config(severity='warn', group='data_platform') }}
with

match_keys as (
    select * from {{ ref('int_match_keys_active') }}
    where d365_system = 'dataverse' and d365_field != 'name_address'
),

wanted_fields as (
    select distinct d365_field from match_keys
),

dataverse_customers as (
    select cast(record as string) as record_text from {{ ref('int_erp_parties') }}
    where d365_system = 'dataverse'
),

searched as (
    select
        wanted_fields.d365_field,
        bool_or(contains(dataverse_customers.record_text, '"' || wanted_fields.d365_field || '"'))
            as is_found
    from wanted_fields
    cross join dataverse_customers
    group by wanted_fields.d365_field
)

select
    match_keys.match_key_id,
    match_keys.d365_field
from match_keys
inner join searched
    on match_keys.d365_field = searched.d365_field
where not searched.is_found
