-- What: headline and twin each have an active match key whose field exists in the loaded customer
-- master, in every ERP with customers (or any key, if none is loaded).
-- When it matters: without one nothing matches and every customer is absent.
-- How to fix: activate a row of the scope in field_map_match_keys (d365_system fo, bc or *),
-- correct its d365_field to the API name, or add the column to the extract.
{{ config(group='data_platform') }}
with

scopes as (
    select distinct key_scope from {{ ref('card_registry') }}
    where is_enabled and key_scope is not null
),

match_keys as (
    select * from {{ ref('int_match_keys_active') }}
    where d365_system in ('fo', 'bc')
),

d365_customers as (
    select d365_system as erp, cast(record as string) as record_text
    from {{ ref('int_erp_parties') }}
    where d365_system != 'dataverse'
),

erps as (
    select distinct erp from d365_customers
),

wanted_fields as (
    select distinct d365_system, d365_field from match_keys
),

found_fields as (
    select wanted_fields.d365_system, wanted_fields.d365_field
    from wanted_fields
    inner join d365_customers
        on wanted_fields.d365_system = d365_customers.erp
    group by wanted_fields.d365_system, wanted_fields.d365_field
    having bool_or(
        wanted_fields.d365_field in (
            'name_address', 'CustomerElectronicAddresses.Locator', 'contacts.email'
        )
        or contains(d365_customers.record_text, '"' || wanted_fields.d365_field || '"')
    )
),

usable as (
    select distinct match_keys.key_scope, match_keys.d365_system
    from match_keys
    inner join found_fields
        on match_keys.d365_system = found_fields.d365_system
        and match_keys.d365_field = found_fields.d365_field
)

select scopes.key_scope, erps.erp
from scopes
cross join erps
left join usable
    on scopes.key_scope = usable.key_scope
    and erps.erp = usable.d365_system
where usable.key_scope is null
union all
select scopes.key_scope, cast(null as string) as erp
from scopes
left join match_keys
    on scopes.key_scope = match_keys.key_scope
where match_keys.key_scope is null
