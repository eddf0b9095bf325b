-- Grain: one Dataverse account or contact.
with

accounts as (
    select * from {{ ref('stg_dataverse__accounts') }}
),

contacts as (
    select * from {{ ref('stg_dataverse__contacts') }}
),

companies as (
    select * from {{ ref('stg_dataverse__companies') }}
),

countries as (
    select * from {{ ref('int_country_codes_listed') }}
),

customers as (
    select instance, 'account' as dataverse_table, account_id as dataverse_id,
        account_name as customer_name,
        account_number, party_number, is_active, customer_type_code = '3' as is_customer_type,
        created_at, company_id, country as country_text, postal_code, record
    from accounts
    union all
    select instance, 'contact', contact_id, contact_name,
        account_number, null, is_active, is_sellable,
        created_at, company_id, country, postal_code, record
    from contacts
)

select
    customers.instance || ':' || customers.dataverse_table || ':' || customers.dataverse_id
        as dataverse_key,
    customers.instance,
    customers.dataverse_table,
    customers.dataverse_id,
    customers.customer_name,
    customers.account_number,
    customers.party_number,
    coalesce(customers.is_active, true) as is_active,
    coalesce(customers.is_customer_type, false) as is_customer_type,
    customers.created_at,
    companies.company_code,
    customers.company_id is not null as has_company,
    countries.country_code,
    customers.postal_code,
    customers.record
from customers
left join companies
    on customers.instance = companies.instance
    and customers.company_id = companies.company_id
left join countries
    on upper(trim(customers.country_text)) = countries.country_text
