-- What: the d365_field of every active match key is a field of the loaded customers of F&O and
-- Business Central.
-- When it matters: such a key matches nothing in any letters (macro own_field).
-- Only a warning, because an extract may lack an unused column; a scope without any field is an
-- error (each_scope_has_an_active_key).
-- How to fix: add the column to the extract, correct d365_field in field_map_match_keys to the API
-- name, or deactivate the row.
{{ config(severity='warn', group='data_platform') }}
with

match_keys as (
    select * from {{ ref('int_match_keys_active') }}
    where d365_system in ('fo', 'bc')
        and d365_field not in (
            'name_address', 'CustomerElectronicAddresses.Locator', 'contacts.email'
        )
),

wanted_fields as (
    select distinct d365_system, d365_field from match_keys
),

d365_customers as (
    select d365_system as erp, cast(record as string) as record_text
    from {{ ref('int_erp_parties') }}
    where d365_system != 'dataverse'
),

searched as (
    select
        wanted_fields.d365_system,
        wanted_fields.d365_field,
        bool_or(
            contains(lower(d365_customers.record_text), '"' || lower(d365_field) || '"')
        ) as is_found
    from wanted_fields
    inner join d365_customers
        on wanted_fields.d365_system = d365_customers.erp
    group by wanted_fields.d365_system, wanted_fields.d365_field
)

select
    match_keys.match_key_id,
    match_keys.d365_system,
    match_keys.d365_field
from match_keys
inner join searched
    on match_keys.d365_system = searched.d365_system
    and match_keys.d365_field = searched.d365_field
where not searched.is_found
