-- Grain: one e-mail of a contact (a person at a company) and one D365 customer whose contact it is:
-- the F&O customer of its party in its company, the Business Central customer that lists it, or the
-- customer that its Dataverse account names. customer_count: of how many customers of that company
-- the e-mail is a contact's (customers), in one record or several; it finds one only if it is one.
with

parties as (
    select * from {{ ref('int_erp_parties') }}
),

contacts as (
    select
        'd365_fo' as source_name,
        persons.instance,
        'contact_persons' as resource_name,
        persons.data_area_id || ' ' || persons.contact_person_id as record_key,
        parties.party_key,
        persons.email
    from {{ ref('stg_d365_fo__contact_persons') }} as persons
    inner join parties
        on parties.d365_system = 'fo'
        and persons.instance = parties.instance
        and persons.data_area_id = parties.erp_code
        and {{ canonical_party_number('persons.associated_party_number') }}
            = {{ canonical_party_number('parties.party_number') }}
    where not persons.is_inactive
    union all
    select 'd365_bc', contacts.instance, 'customer_contacts', contacts.contact_id,
        parties.party_key, contacts.email
    from {{ ref('stg_d365_bc__customer_contacts') }} as contacts
    inner join parties
        on parties.d365_system = 'bc'
        and contacts.instance = parties.instance
        and coalesce(contacts.customer_number, contacts.customer_system_id)
            = parties.d365_customer_id
    union all
    select 'dataverse', contacts.instance, 'contacts', contacts.contact_id, parties.party_key,
        concat_ws(';', {{ json_text('contacts.record', 'emailaddress1') }},
            {{ json_text('contacts.record', 'emailaddress2') }},
            {{ json_text('contacts.record', 'emailaddress3') }})
    from {{ ref('stg_dataverse__contacts') }} as contacts
    inner join parties as accounts
        on accounts.dataverse_table = 'account'
        and contacts.instance = accounts.instance
        and contacts.parent_account_id = accounts.dataverse_id
    inner join parties
        on parties.d365_system != 'dataverse'
        and accounts.erp_code = parties.erp_code
        and {{ canonical_account('accounts.d365_customer_id') }}
            = {{ canonical_account('parties.d365_customer_id') }}
    where contacts.is_active is not false
),

parts as (
    select
        contacts.*,
        parties.d365_system,
        parties.instance as d365_instance,
        parties.erp_code,
        parties.d365_customer_id,
        parties.canonical_party_key,
        {{ split_rows('contacts.email', ';') }} as part
    from contacts
    inner join parties
        on contacts.party_key = parties.party_key
    where contacts.email != ''
),

addresses as (
    select *, lower(trim(part)) as address
    from parts
    where trim(part) != ''
),

-- an account in two spellings is one customer
counted as (
    select
        d365_system,
        d365_instance,
        erp_code,
        address,
        count(distinct canonical_party_key) as customer_count,
        {{ sorted_list("erp_code || ' ' || d365_customer_id") }} as customers
    from addresses
    group by d365_system, d365_instance, erp_code, address
)

select distinct
    addresses.source_name,
    addresses.instance,
    addresses.resource_name,
    addresses.record_key,
    addresses.party_key,
    addresses.d365_system,
    addresses.address as email,
    counted.customer_count,
    counted.customers
from addresses
inner join counted
    on addresses.d365_system = counted.d365_system
    and addresses.d365_instance = counted.d365_instance
    and addresses.erp_code = counted.erp_code
    and addresses.address = counted.address
