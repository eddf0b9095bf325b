-- Grain: one party in an ERP system: a customer of the D365 customer master (F&O: company
-- and account, Business Central: company and number), or a Dataverse account or contact. erp_code
-- and d365_customer_id of a Dataverse row are the company and the customer that it names. Where a
-- record has no country, it has that of its company.
with

fo_customers as (
    select * from {{ ref('stg_d365_fo__customers') }}
),

bc_customers as (
    select * from {{ ref('stg_d365_bc__customers') }}
),

accounts as (
    select * from {{ ref('stg_dataverse__accounts') }}
),

contacts as (
    select * from {{ ref('stg_dataverse__contacts') }}
),

companies as (
    select * from {{ ref('stg_dataverse__companies') }}
),

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
),

countries as (
    select * from {{ ref('int_country_codes_listed') }}
),

parties as (
    select 'fo' as d365_system, instance, data_area_id as erp_code,
        customer_account as d365_customer_id, party_number, customer_name, is_blocked,
        is_one_time_customer, country as country_text, postal_code, city, street,
        primary_contact_phone as phone,
        concat_ws(';', tax_exempt_number, tax_registration_id, organization_number, fiscal_code)
            as tax_ids,
        record, _source_file as source_file, cast(null as string) as dataverse_table,
        cast(null as string) as dataverse_id, cast(null as string) as company_id,
        true as is_active, true as is_customer_type, cast(null as timestamp) as created_at
    from fo_customers
    union all
    select 'bc', instance, lower(instance), coalesce(customer_number, customer_system_id), null,
        customer_name, is_blocked, false, country, postal_code, city, street, phone_number,
        tax_registration_number, record, _source_file, null, null, null, true, true, null
    from bc_customers
    union all
    select 'dataverse', instance, null, account_number, party_number, account_name, false, false,
        country, postal_code, null, null, null, null, record, null, 'account', account_id,
        company_id, is_active, customer_type = 'customer', created_at
    from accounts
    union all
    select 'dataverse', instance, null, account_number, null, contact_name, false, false,
        country, postal_code, null, null, null, null, record, null, 'contact', contact_id,
        company_id, is_active, is_sellable, created_at
    from contacts
)

select
    case
        when parties.d365_system = 'dataverse'
            then parties.instance || ':' || parties.dataverse_table || ':' || parties.dataverse_id
        else parties.d365_system || ':' || parties.instance || ':' || parties.erp_code || ':'
            || parties.d365_customer_id
    end as party_key,
    -- accounts that differ in case or blanks are one
    parties.d365_system || ':' || parties.instance || ':' || parties.erp_code || ':'
    || {{ canonical_account('parties.d365_customer_id') }} as canonical_party_key,
    parties.d365_system,
    parties.instance,
    coalesce(parties.erp_code, companies.company_code) as erp_code,
    legal_entities.legal_entity_id,
    parties.d365_customer_id,
    parties.party_number,
    parties.customer_name,
    parties.is_blocked,
    parties.is_one_time_customer,
    parties.country_text,
    case when parties.country_text is null then upper(companies_of_map.country_code)
        else countries.country_code
    end as country_code,
    parties.postal_code,
    parties.city,
    parties.street,
    parties.phone,
    parties.tax_ids,
    parties.record,
    parties.source_file,
    parties.dataverse_table,
    parties.dataverse_id,
    parties.company_id is not null as has_company,
    coalesce(parties.is_active, true) as is_active,
    coalesce(parties.is_customer_type, false) as is_customer_type,
    parties.created_at
from parties
left join companies
    on parties.instance = companies.instance
    and parties.company_id = companies.company_id
left join legal_entities
    on parties.d365_system = lower(legal_entities.erp)
    and parties.erp_code = lower(legal_entities.erp_code)
left join legal_entities as companies_of_map
    on case when parties.d365_system = 'bc' then 'bc' else 'fo' end = lower(companies_of_map.erp)
    and coalesce(parties.erp_code, companies.company_code) = lower(companies_of_map.erp_code)
left join countries
    on upper(trim(parties.country_text)) = countries.country_text
