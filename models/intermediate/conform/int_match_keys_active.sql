-- Grain: one active join predicate of the field map on one D365 system: a commerce field on one
-- side, a D365 or Dataverse field on the other. A row for every system ('*') is one row per system
-- here; a standard field in any letters is spelled as the API spells it. is_company_number: the
-- D365 field is an account or customer number, which names a customer within its legal entity only.
-- matched_as: the key type, or contact_email: the e-mail of a contact of a D365 customer, which
-- companies find. Its rows are active in a system where contacts of customers are loaded.
with

match_keys as (
    select * from {{ ref('field_map_match_keys') }}
    where is_active
),

d365_systems as (
    select 'fo' as d365_system
    union all
    select 'bc' as d365_system
    union all
    select 'dataverse' as d365_system
)

select
    match_keys.match_key_id,
    lower(match_keys.scope) as key_scope,
    lower(match_keys.platform) as platform,
    lower(match_keys.key_type) as key_type,
    case when lower(match_keys.d365_field) = 'contacts.email' then 'contact_email'
        else lower(match_keys.key_type)
    end as matched_as,
    match_keys.source_field,
    d365_systems.d365_system,
    case lower(match_keys.d365_field)
        {% for field in [
            'CustomerAccount', 'InvoiceAccount', 'IdentificationNumber', 'PrimaryContactEmail',
            'CustomerElectronicAddresses.Locator', 'TaxExemptNumber', 'TaxRegistrationId',
            'OrganizationNumber', 'FiscalCode', 'PartyNumber', 'taxRegistrationNumber',
            'contacts.email',
        ] %}
        when '{{ field | lower }}' then '{{ field }}'
        {% endfor %}
        else match_keys.d365_field
    end as d365_field,
    -- a row without a precedence comes last
    coalesce(cast(match_keys.precedence as int), 1000) as precedence,
    lower(match_keys.key_type) = 'external_id'
    and lower(match_keys.d365_field) in {{ account_fields() }} as is_company_number
from match_keys
inner join d365_systems
    on lower(match_keys.d365_system) in ('*', d365_systems.d365_system)
where lower(match_keys.d365_field) != 'contacts.email'
    or d365_systems.d365_system in (
        select contacts.d365_system from {{ ref('int_customer_contacts') }} as contacts
    )
